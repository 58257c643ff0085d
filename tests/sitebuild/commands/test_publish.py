"""Publishing: the new site or the old one, whatever stands in the way, whoever builds beside, and
whenever a build is killed.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from paths import ROOT
from sample_project import GOOD, SampleProject, digest

from sitebuild.commands import build, publish
from sitebuild.content.files import ProjectError
from sitebuild.project import Project
from sitebuild.records.locks import lock
from sitebuild.rendering.stand_ins import VARIABLE


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    """A project whose old site says "old", and a new one that says "new"."""
    for name in ("old", "new"):
        folder = tmp_path / ("site" if name == "old" else ".cache/builds/b/site")
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(name, encoding="utf-8")
    return Project(tmp_path)


def new(checkout: Project) -> Path:
    return checkout.cache / "builds/b/site"


def published(checkout: Project) -> str:
    return (checkout.site / "index.html").read_text(encoding="utf-8")


def left(checkout: Project) -> list[str]:
    """What is left of publishing."""
    return sorted(path.name for path in checkout.root.glob(".site-*"))


def test_the_new_site_takes_the_place_of_the_old_one_and_nothing_is_left(checkout: Project) -> None:
    publish.publish(checkout, new(checkout), checkout.site)
    assert published(checkout) == "new" and left(checkout) == [] and not new(checkout).exists()


def test_a_site_that_is_a_symbolic_link_is_refused_before_anything_is_run(
    sample: SampleProject, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (sample.root / "site").symlink_to(tmp_path / "elsewhere")
    ran = sample.run("build")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert (
        ran.stderr
        == "site: it is a symbolic link, which a build does not follow; delete it\n1 problem; nothing was built\n"
    )
    assert not (sample.project.cache / "records").exists()


def test_a_file_called_site_is_refused(checkout: Project) -> None:
    shutil.rmtree(checkout.site)
    checkout.site.write_text("mine", encoding="utf-8")
    with pytest.raises(
        ProjectError,
        match="^site: it is a file where the site's folder must be; move it away$",
    ):
        publish.publish(checkout, new(checkout), checkout.site)
    assert checkout.site.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.EBUSY, "it is a mount point, which cannot be replaced; unmount it"),
        (errno.EACCES, "permission denied; give yourself permission to read and write it"),
        (
            errno.EROFS,
            "its file system is read-only; work in a copy that can be written",
        ),
    ],
)
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_site_that_cannot_be_replaced_is_a_problem_and_the_old_one_stands(
    step: int, number: int, cause: str, checkout: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed, rename = [], Path.rename

    def fails(self: Path, target: Path) -> Path:
        renamed.append(self)
        if len(renamed) == step:
            raise OSError(number, os.strerror(number), str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(ProjectError) as raised:
        publish.publish(checkout, new(checkout), checkout.site)
    assert str(raised.value) == f"site: {cause}. The site could not be replaced"
    assert published(checkout) == "old" and left(checkout) == []


def test_a_site_that_is_kept_from_being_replaced_fails_the_build(
    sample: SampleProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(self: Path, target: Path) -> Path:
        raise OSError(errno.EBUSY, "busy")

    sample.project.site.mkdir()
    monkeypatch.setattr(Path, "rename", busy)
    monkeypatch.setattr(build.runner, "run", lambda *_, **__: None)
    monkeypatch.setattr(build, "_build_into", lambda *_: [])
    assert [str(problem) for problem in build.build(sample.project)] == [
        "site: it is a mount point, which cannot be replaced; unmount it. The site could not be replaced"
    ]


def test_a_site_on_another_file_system_is_copied_there_first(checkout: Project) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        site = Path(folder) / "site"
        assert Path(folder).stat().st_dev != checkout.root.stat().st_dev
        for _ in range(2):
            publish.publish(
                checkout,
                Path(
                    shutil.copytree(
                        new(checkout), new(checkout).with_name("again"), dirs_exist_ok=True
                    )
                ),
                site,
            )
            assert (site / "index.html").read_text(encoding="utf-8") == "new"
        assert [path.name for path in Path(folder).iterdir()] == ["site"]


def test_an_old_site_that_a_killed_build_left_aside_is_put_back(checkout: Project) -> None:
    checkout.site.rename(checkout.root / ".site-old")
    publish.prepare(checkout, checkout.site)
    assert published(checkout) == "old" and left(checkout) == []


def test_what_a_killed_build_left_after_its_site_was_in_place_is_removed(checkout: Project) -> None:
    for name in (".site-old", ".site-trash"):
        shutil.copytree(checkout.site, checkout.root / name)
    publish.prepare(checkout, checkout.site)
    publish.publish(checkout, new(checkout), checkout.site)
    assert published(checkout) == "new" and left(checkout) == []


def test_an_interruption_between_the_renames_puts_the_old_site_back(
    checkout: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if self.name == ".site-new":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish.publish(checkout, new(checkout), checkout.site)
    assert published(checkout) == "old" and left(checkout) == []


def test_folders_of_killed_builds_are_cleared_away_and_those_of_living_ones_are_not(
    checkout: Project,
) -> None:
    builds = checkout.cache / "builds"
    (builds / "living").mkdir()
    living = os.open(builds / "living", os.O_RDONLY)
    fcntl.flock(living, fcntl.LOCK_EX)
    with publish.build_folder(checkout) as mine:
        assert {path.name for path in builds.iterdir()} == {"living", mine.path.name}
        with publish.build_folder(checkout) as other:
            assert other.path != mine.path and mine.path.exists()
    assert [path.name for path in builds.iterdir()] == ["living"]
    os.close(living)


def test_a_folder_into_which_an_orphan_still_writes_is_left_to_it(checkout: Project) -> None:
    code = (
        "import subprocess, sys\nfrom pathlib import Path\nfrom sitebuild.commands import publish\nfrom sitebuild.project import Project\n"
        "with publish.build_folder(Project(Path(sys.argv[1]))) as mine:\n"
        "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(100)'], pass_fds=(mine.descriptor,))\n"
        "    print(mine.path, flush=True)\n    import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    builder = subprocess.Popen(
        [sys.executable, "-c", code, str(checkout.root)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )  # fmt: skip
    folder = Path(builder.stdout.readline().strip())
    assert builder.wait() == -signal.SIGKILL
    with publish.build_folder(checkout):
        assert folder.exists()
    os.killpg(builder.pid, signal.SIGKILL)
    builder.stdout.close()
    deadline = time.monotonic() + 30
    while folder.exists():
        assert time.monotonic() < deadline
        with publish.build_folder(checkout):
            pass


def test_a_lock_is_held_by_one_and_let_go_of_when_its_holder_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "a/lock"
    code = "import sys, time\nfrom pathlib import Path\nfrom sitebuild.records.locks import lock\nwith lock(Path(sys.argv[1]), 'x'):\n    print('has it', flush=True)\n    time.sleep(100)\n"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(file)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert holder.stdout.readline() == "has it\n"
    waits = subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )  # fmt: skip
    assert (
        waits.stderr.readline()
        == f"waiting: another build of this checkout x (process {holder.pid})\n"
    )
    holder.kill()
    assert waits.stdout.readline() == "has it\n"
    waits.kill()
    for process in (holder, waits):
        process.communicate()
    with lock(file, "x") as waited:
        assert not waited


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[SampleProject, list[str]]:
    """A project that two builds made at once, after both had waited for a third, and what they
    said.
    """
    sample = SampleProject(tmp_path_factory.mktemp("twice"))
    with lock(sample.project.cache / "records.lock", "x"):
        both = [
            sample.start("build", stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
        ]
        lines = [building.stderr.readline() for building in both]
    rest = [building.communicate(timeout=120)[1] for building in both]
    assert [building.returncode for building in both] == [0, 0], rest
    return sample, lines


def test_two_builds_at_once_wait_for_each_other_and_both_are_right(
    twice: tuple[SampleProject, list[str]],
) -> None:
    sample, lines = twice
    assert (
        lines
        == [f"waiting: another build of this checkout runs examples (process {os.getpid()})\n"] * 2
    )
    assert (
        "hello" in sample.read()
        and left(sample.project) == []
        and not list((sample.project.cache / "builds").iterdir())
    )


def test_a_build_that_is_killed_while_mkdocs_works_is_followed_by_a_right_one(
    twice: tuple[SampleProject, list[str]],
) -> None:
    sample, _ = twice
    right, builds = digest(sample.root / "site"), sample.project.cache / "builds"
    building = sample.start(
        "build",
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not list(builds.glob("*/site/index.html")):
        assert time.monotonic() < deadline and building.poll() is None
        time.sleep(0.01)
    (mkdocs,) = map(int, _children(building.pid))
    os.kill(mkdocs, signal.SIGSTOP)
    os.kill(building.pid, signal.SIGKILL)
    building.wait()
    assert digest(sample.root / "site") == right
    # As long as MkDocs lives, its folder is its own; the next build works in another one.
    (folder,) = builds.iterdir()
    ran = sample.run("build")
    assert ran.returncode == 0, ran.stderr
    assert digest(sample.root / "site") == right and folder.exists()
    os.killpg(building.pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while folder.exists():
        assert time.monotonic() < deadline
        with publish.build_folder(sample.project):
            pass


@pytest.mark.parametrize("busy", [False, True])
def test_mkdocs_ends_when_the_build_is_killed(sample: SampleProject, busy: bool) -> None:
    """Also in the middle of something that lets no thread of its process have a turn."""
    sample.page("index")
    (sample.root / "examples/chapter/good.py").unlink()  # nothing is to be run before
    (sample.root / "examples/chapter/good.out").unlink()
    forever = "import re, time\n" + ("re.match('(a*)*b', 'a' * 60)" if busy else "time.sleep(600)")
    (sample.root / "sitecustomize.py").write_text(
        f"import sys\nif '--strict' in sys.orig_argv:\n    import mkdocs.commands.build as build\n"
        f"    def stay(*_, **more):\n        open('begun', 'w').close()\n        exec({forever!r})\n    build.build = stay\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": f"{sample.root}:{ROOT}"}
    code = (
        "import os\nfrom pathlib import Path\nfrom sitebuild.commands import build, mkdocs_process\nfrom sitebuild.project import Project\n"
        "ours = mkdocs_process.environment\nmkdocs_process.environment = lambda: ours() | {'PYTHONPATH': os.environ['PYTHONPATH']}\n"
        "build.build(Project(Path.cwd()))\n"
    )
    building = subprocess.Popen([sys.executable, "-c", code], cwd=sample.root, env=environment)
    _until(lambda: (sample.root / "begun").exists(), building)
    (mkdocs,) = _children(building.pid)
    try:
        building.kill()
        building.wait()
        _until(
            lambda: (
                not Path(f"/proc/{mkdocs}").exists()
                or "\nState:\tZ" in Path(f"/proc/{mkdocs}/status").read_text()
            ),
            None,
        )
    finally:
        if Path(f"/proc/{mkdocs}").exists():
            os.kill(int(mkdocs), signal.SIGKILL)


def _until(holds: Callable[[], bool], alive: subprocess.Popen | None) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline and (alive is None or alive.poll() is None)
        time.sleep(0.05)


def _children(pid: int) -> list[str]:
    """Of all its threads: MkDocs is started by one of them."""
    return [
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


KILLS = """
import gc, json, os, shutil, signal, subprocess, sys
from pathlib import Path

from sitebuild.commands import build
from sitebuild.project import Project
from sitebuild.records import sandbox_policy

root, raw, kinds = Path(sys.argv[1]), Path(sys.argv[2]), ("GOOD", "OTHER")
project, sources = Project(root), json.loads(sys.argv[3])
build.secrets.token_hex = lambda size: "5ec2e7"

def copy(source, target):
    # what the finish writes into is a file of its own
    (shutil.copyfile if source.endswith(".html") else os.link)(source, target)

build.mkdocs = lambda project, *options, inherit, stand_ins: (
    shutil.copytree(raw, options[-1], copy_function=copy), subprocess.CompletedProcess([], 0, "", ""))[1]
EVENTS = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "subprocess.Popen", "fcntl.flock", "os.truncate", "os.link"}


def in_child(kill_at):
    '''Build, and die at a certain change of the file system. The number of changes, where it lived.'''
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        count = [0]
        def hook(event, arguments):
            if event in EVENTS or event == "open" and arguments[1] not in (None, "r", "rb", "rt"):
                count[0] += 1
                if count[0] == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        try:
            problems = build.build(Project(root))
            os.write(write, json.dumps([count[0], list(map(str, problems))]).encode())
        finally:
            os._exit(0)
    os.close(write)
    with open(read) as stream:
        text = stream.read()
    os.waitpid(pid, 0)
    return json.loads(text) if text else None


def state():
    import hashlib
    site = root / "site"
    if not site.exists():
        return None
    return hashlib.sha256(b"".join(str(path.relative_to(site)).encode() + path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file())).hexdigest()


def turn(number):
    (root / "examples/chapter/good.py").write_text(sources[number % 2])


# What the builds need in memory is there before they are forked: it makes no difference on the disk.
assert not build.build(Project(root))
sandbox_policy.choose(project)
gc.freeze()
right = []
for number in range(2):
    turn(number)
    shutil.rmtree(root / "site", ignore_errors=True)
    shutil.rmtree(root / ".cache", ignore_errors=True)
    total, problems = in_child(0)
    assert not problems, problems
    right.append(state())
assert right[0] != right[1]
turn(0)
total, problems = in_child(0)
assert state() == right[0]
step = int(sys.argv[4])
killed = 0
for number, moment in enumerate([*range(1, total + 1, step), *range(total - 12, total + 1, 2)], 1):
    turn(number)
    before = state()
    outcome = in_child(moment)
    killed += outcome is None
    between = state()
    aside = root / ".site-old"
    assert between in (before, right[number % 2]) or between is None and aside.is_dir(), (moment, between)
    total_now, problems = in_child(0)
    assert not problems, (moment, problems)
    assert state() == right[number % 2], moment
    left = [path.name for path in [*root.glob(".site-*"), *(root / ".cache/builds").iterdir()]]
    assert not left, (moment, left)
print(killed, total)
"""


def test_a_build_that_is_killed_at_any_change_of_the_disk_is_followed_by_a_right_one(
    sample: SampleProject, tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    (sample.root / "docs/index.md").write_text("# A page\n", encoding="utf-8")
    ran = build.mkdocs(
        sample.project, "build", "--site-dir", str(raw), stand_ins={VARIABLE: "5ec2e7"}
    )
    assert ran.returncode == 0, ran.stderr
    sources = json.dumps(
        [GOOD, GOOD.replace("import asyncio\n", "import asyncio\n\nNUMBER = 2\n", 1)]
    )
    ran = subprocess.run(
        [sys.executable, "-c", KILLS, str(sample.root), str(raw), sources, "37"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    killed, changes = map(int, ran.stdout.split())
    assert killed >= 10 and changes > 100
