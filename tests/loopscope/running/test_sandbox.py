"""What a stranger's program can reach: nothing. Each attempt is judged by what the program saw and
by what the machine outside shows.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from paths import ROOT

import loopscope.running.fork_server
from loopscope.limits import UNLIMITED, Limits
from loopscope.running import confine, scratch
from loopscope.running.fork_server import ForkServer
from loopscope.running.program import Program
from loopscope.running.sandbox import Sandbox, why_unavailable
from loopscope.trace.model import Output, Step, Task, Trace, Wait
from loopscope.trace.validation import validate
from sitebuild.checks.output import Problem
from sitebuild.project import Project
from sitebuild.records import sandbox_policy

HOSTILE = ROOT / "tests/hostile"
ENVIRONMENT = {
    "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
}
SECRET = "swordfish-84b1c7"
ANOTHER_USER = 61_000

BUILDER = """
import json, sys
from pathlib import Path
from sitebuild.content import examples
from sitebuild.records import runner as records
from sitebuild.project import Project

project = Project(Path.cwd())
traces = records.run(examples.find(project).values(), project, keep=False)
json.dump({name: trace.to_json() for name, trace in traces.items()}, sys.stdout)
"""
"""A build as far as the programs' records, in a process of its own, which is told nothing but its
environment.
"""


@pytest.fixture(scope="module", autouse=True)
def bubblewrap() -> None:
    """Where there is none these tests are skipped, and say so; not in CI."""
    reason = why_unavailable(Sandbox(()))
    if reason is not None:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


class Checkout:
    """A project with programs of a stranger's, and the secrets that lie about there."""

    def __init__(self, root: Path) -> None:
        self.root, self.project = root, Project(root)
        (root / "examples/chapter").mkdir(parents=True)
        for name in (".git/hooks", ".cache", "docs", "site"):
            (root / name).mkdir(parents=True)
        for name in (
            ".git/config",
            ".cache/record.json",
            "docs/index.md",
            "mkdocs.yml",
            "README.md",
        ):
            (root / name).write_text(SECRET)

    def program(self, name: str, text: str, **settings: Any) -> Path:
        """An example; `settings` are those of its PEP 723 block."""
        path = self.root / f"examples/chapter/{name}.py"
        title, _, rest = text.lstrip().partition("\n")
        if not title.startswith('"""'):
            title, rest = '"""A program."""', text
        lines = [
            f"# {key} = {json.dumps(value)}"
            for key, value in ({"clock": "real"} | settings).items()
        ]
        path.write_text(
            "\n".join([title, "# /// script", "# [tool.loopscope]", *lines, "# ///", rest]),
            encoding="utf-8",
        )
        return path

    def build(self, **environment: str) -> tuple[dict[str, Trace], str]:
        """Run all programs. Gives their traces and what the builder said."""
        with self.building(**environment) as builder:
            said, errors = builder.communicate(timeout=120)
        assert builder.returncode == 0, errors
        return {name: Trace.from_json(text) for name, text in json.loads(said).items()}, errors

    @contextlib.contextmanager
    def building(self, **environment: str) -> Iterator[subprocess.Popen[str]]:
        told = {**os.environ, "PYTHONPATH": str(ROOT), "AWAITED_SANDBOX": "required"} | environment
        builder = subprocess.Popen(
            [sys.executable, "-c", BUILDER],
            cwd=self.root,
            env=told,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with builder:
            try:
                yield builder
            finally:
                builder.kill()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Where programs of many tests run one after another, in one interpreter."""
    return Checkout(tmp_path_factory.mktemp("stage") / "checkout")


@pytest.fixture(scope="module")
def fork_server(stage: Checkout) -> Iterator[ForkServer]:
    """That interpreter, in its sandbox. One that some program unusable is replaced."""
    with ForkServer(
        environment=ENVIRONMENT, sandbox=sandbox_policy.choose(stage.project)
    ) as fork_server:
        yield fork_server


def run(fork_server: ForkServer, path: Path, *args: str, limits: Limits | None = None) -> Trace:
    return fork_server.record(
        Program(str(path), args=args, environment=ENVIRONMENT, name=path.name),
        limits or Limits(seconds=30),
        scratch=(),
    )


# What it reaches


class Outside:
    """A machine on which somebody listens everywhere."""

    def __init__(self, folder: Path) -> None:
        self.connected: list[str] = []
        self._open: list[socket.socket] = []
        self.addresses = sorted(
            {
                address
                for target in ("192.0.2.1", "2001:db8::1")
                if (address := _own_address(target))
            }
        )
        listening = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.port = listening.getsockname()[1]
        self._listen(listening, "a port")
        self.sockets = [str(folder / "outside.socket"), f"\0awaited-{os.getpid()}"]
        for name in self.sockets:
            each = socket.socket(socket.AF_UNIX)
            each.bind(name)
            each.listen()
            self._listen(each, name)

    def _listen(self, listening: socket.socket, name: str) -> None:
        self._open.append(listening)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    listening.accept()[0].close()
                    self.connected.append(name)

        threading.Thread(target=accept, daemon=True).start()

    def close(self) -> None:
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def _own_address(target: str) -> str | None:
    """This machine's own address on the way to another, if it has a network."""
    with (
        socket.socket(
            socket.AF_INET6 if ":" in target else socket.AF_INET, socket.SOCK_DGRAM
        ) as probe,
        contextlib.suppress(OSError),
    ):
        probe.connect((target, 9))
        return probe.getsockname()[0]
    return None


@pytest.fixture(scope="module")
def attempts(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[dict[str, dict[str, str]], Outside, Path]]:
    """All attempts of `reach.py`, made once, from within a build."""
    folder = tmp_path_factory.mktemp("reach")
    checkout, home = Checkout(folder / "checkout"), folder / "home"
    home.mkdir()
    (home / ".netrc").write_text(SECRET)
    beside = {
        "file in tmp": folder / "beside",
        "file in shm": Path("/dev/shm", f"awaited-{os.getpid()}"),
    }
    for path in beside.values():
        path.write_text(SECRET)
    outside = Outside(folder)
    source = (HOSTILE / "reach.py").read_text(encoding="utf-8")
    try:
        told = {
            "secret": SECRET, "home": str(home), "real home": str(Path.home()), "root": str(checkout.root), "code": str(ROOT),
            "port": outside.port, "addresses": outside.addresses, "sockets": outside.sockets, "builders": {pid: began(pid) for pid in (os.getpid(), os.getppid())},
        } | {name: str(path) for name, path in beside.items()}  # fmt: skip
        checkout.program(
            "reach", source.replace("OUTSIDE: dict = {}", f"OUTSIDE: dict = {told!r}"), timeout=60
        )
        assert connects(outside)
        traces, _ = checkout.build(HOME=str(home), AWAITED_SECRET=SECRET)
        trace = traces["chapter/reach"]
        lines = [json.loads(line) for line in trace.text("stdout").splitlines()]
        assert trace.exit == 0 and lines, trace
        yield {line["attempt"]: line for line in lines}, outside, folder
    finally:
        outside.close()
        beside["file in shm"].unlink()


def began(pid: int) -> int:
    """When a process began, in ticks since the machine did (proc(5))."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])


def connects(outside: Outside) -> bool:
    """Whether the ways in are open to others, so that a program that does not get through was kept
    out.
    """
    for name in outside.sockets:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(name)
    with socket.create_connection(("127.0.0.1", outside.port), timeout=5):
        pass
    deadline = time.monotonic() + 5
    while len(outside.connected) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    came = len(outside.connected)
    outside.connected.clear()
    return came == 3


NAMES = [
    line.removeprefix("def ").partition("(")[0]
    for line in (HOSTILE / "reach.py").read_text().split("@attempt\n")[1:]
]


@pytest.mark.parametrize("name", NAMES)
def test_no_program_reaches(
    name: str, attempts: tuple[dict[str, dict[str, str]], Outside, Path]
) -> None:
    assert attempts[0][name]["got"] == "", attempts[0][name]


def test_nothing_of_the_machine_was_changed_or_reached(
    attempts: tuple[dict[str, dict[str, str]], Outside, Path],
) -> None:
    lines, outside, folder = attempts
    assert outside.connected == []
    assert [
        path
        for path in (folder, ROOT / "loopscope", Path(sys.prefix))
        for path in path.rglob("evil")
    ] == []
    assert [
        path
        for folder in ("/", "/usr", "/usr/local", "/etc", "/dev", "/var/tmp", "/tmp", "/dev/shm")
        if (path := Path(folder, "evil")).exists()
    ] == []
    assert SECRET not in json.dumps(lines)


# What it leaves


def test_nothing_of_one_program_is_left_for_the_next(
    stage: Checkout, fork_server: ForkServer
) -> None:
    leave, look = (
        shutil.copy(HOSTILE / f"{name}.py", stage.root / "examples/chapter")
        for name in ("leave", "look")
    )
    clean = run(fork_server, Path(look))
    server = fork_server._process.pid
    name = f"evil-{os.getpid()}"
    left = run(fork_server, Path(leave), name)
    assert (left.text(), left.exit) == ("[] True\nTrue\nleft all of it\n", 0), left
    assert "it left 1 process running; it was ended" in left.notes
    assert processes(name) == []
    assert run(fork_server, Path(look)).text() == clean.text()
    assert clean.text().startswith("[]\n[]\n[] []\n0o1777 0o1777 []\nTrue "), clean.text()
    assert fork_server._process.pid == server


LEAVE_SOCKETS = """
import socket
with socket.socket() as listening:
    listening.bind(("127.0.0.1", {port}))
    listening.listen()
    for _ in range({times}):
        with socket.create_connection(listening.getsockname()) as client, listening.accept()[0] as accepted:
            accepted.close()
            client.recv(1)
print("left")
"""


def test_no_program_meets_the_ports_of_the_one_before(
    stage: Checkout, fork_server: ForkServer
) -> None:
    bind = stage.program(
        "bind", "import socket\nsocket.socket().bind(('127.0.0.1', 8765))\nprint('bound')\n"
    )
    usual, fixed = (
        stage.program(f"leave_{port}", LEAVE_SOCKETS.format(port=port, times=1))
        for port in (0, 8765)
    )
    run(fork_server, bind)
    server = fork_server._process.pid
    for path, said in ((usual, "left\n"), (usual, "left\n"), (fixed, "left\n")):
        assert run(fork_server, path).text() == said and fork_server._process.pid == server
    assert run(fork_server, bind).text() == "bound\n"
    many = stage.program("many", LEAVE_SOCKETS.format(port=0, times=1001))
    assert run(fork_server, many).text() == "left\n"
    server = fork_server._process.pid
    assert run(fork_server, bind).text() == "bound\n" and fork_server._process.pid != server


def test_a_program_that_opens_sockets_without_end_is_stopped(
    stage: Checkout, fork_server: ForkServer
) -> None:
    """What was sent and not received is nobody's memory."""
    path = stage.program(
        "sockets",
        """
import os, socket, time
for _ in range(12):
    if not os.fork():
        break
held = [socket.socketpair() for _ in range(450)]
time.sleep(60)
""",
    )
    trace = run(fork_server, path)
    assert (trace.stopped, trace.exit) == ("it had more than 5,000 sockets", 125), trace


def processes(name: str) -> list[int]:
    """All processes of the machine that call themselves so."""
    found = []
    for path in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if path.read_text() == f"{name[:15]}\n":
                found.append(int(path.parts[2]))
    return found


def test_a_server_whose_folders_cannot_be_emptied_is_replaced(
    stage: Checkout, fork_server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = stage.program("leave", "open('/tmp/left', 'x').close()\nprint('left')\n")
    look = stage.program("look", "import os\nprint(os.path.exists('/tmp/left'))\n")
    refuse = "job.scratch.restore = lambda *_: job.os.rmdir('/proc'); job.preload"
    monkeypatch.setattr(
        loopscope.running.fork_server,
        "BOTTOM",
        loopscope.running.fork_server.BOTTOM.replace("job.preload", refuse),
    )
    with ForkServer(environment=ENVIRONMENT, sandbox=fork_server._sandbox) as unusable:
        servers = set()
        for path, said in ((leave, "left\n"), (look, "False\n"), (look, "False\n")):
            assert run(unusable, path).text() == said
            servers.add(unusable._process.pid)
    assert len(servers) == 3


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm", "{HOME}"])
def test_no_program_fills_the_machine(
    folder: str, stage: Checkout, fork_server: ForkServer
) -> None:
    path = stage.program(
        "fill",
        f"""
import os
folder, written = {folder!r}.format(**os.environ), 0
try:
    for number in range(100):
        with open(f"{{folder}}/{{number}}", "wb", buffering=0) as file:
            for _ in range(9):
                written += file.write(bytes(10_000_000))
except OSError as problem:
    print(problem.strerror, written <= {256 << 20})
""",
    )
    assert run(fork_server, path).text() == "No space left on device True\n"
    assert run(fork_server, path).text() == "No space left on device True\n"


def test_a_fork_bomb_ends_and_leaves_nothing(stage: Checkout, fork_server: ForkServer) -> None:
    name = f"bomb-{os.getpid()}"
    bomb = stage.program(
        "bomb",
        f"""
import ctypes, os, time
ctypes.CDLL(None).prctl(15, {name!r}.encode(), 0, 0, 0)
while True:
    try:
        os.fork()
        os.setsid()
    except OSError:
        time.sleep(0.01)
""",
    )
    good = stage.program("good", "print('hello')\n")
    trace = run(fork_server, bomb, limits=Limits(seconds=10, threads=300))
    assert trace.stopped is not None and re.search(
        r"more than (64|256) processes", trace.stopped
    ), trace
    assert processes(name) == []
    assert run(fork_server, good).text() == "hello\n"


def test_a_program_has_no_more_threads_than_it_may(
    stage: Checkout, fork_server: ForkServer
) -> None:
    """Or a fork bomb of a thousand processes would keep all others from the cores, who is to end it
    included.
    """
    begun = stage.program(
        "threads",
        """
import threading
over = threading.Event()
begun = 0
try:
    while begun < 200:
        threading.Thread(target=over.wait).start()
        begun += 1
except RuntimeError as refused:
    print(refused)
over.set()
print(begun)
""",
    )
    most = int(
        run(fork_server, begun, limits=Limits(threads=100))
        .text()
        .removeprefix("can't start new thread\n")
    )
    # Beside the main one. An ordinary user's other processes are counted too; root's sandbox has a
    # user of its own.
    assert most == 99 if os.geteuid() == 0 else 50 < most < 100
    assert run(fork_server, begun, limits=Limits(threads=250)).text() == "200\n"


def test_a_program_that_makes_files_without_end_is_stopped(
    stage: Checkout, fork_server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty ones, which take no space, but memory. To make all that are allowed takes seconds."""
    allow = "job.confine._MAX_FILES = 10_000; job.preload"
    monkeypatch.setattr(
        loopscope.running.fork_server,
        "BOTTOM",
        loopscope.running.fork_server.BOTTOM.replace("job.preload", allow),
    )
    files = stage.program(
        "files",
        "import itertools\nfor number in itertools.count():\n    open(f'/tmp/{number}', 'x').close()\n",
    )
    count = stage.program(
        "count", "import os\nprint(sum(name.isdigit() for name in os.listdir('/tmp')))\n"
    )
    with ForkServer(environment=ENVIRONMENT, sandbox=fork_server._sandbox) as own:
        trace = run(own, files)
        assert (trace.stopped, trace.exit) == ("it made more than 10,000 files", 125), trace
        assert run(own, count).text() == "0\n"


def test_a_program_that_eats_memory_is_stopped(stage: Checkout, fork_server: ForkServer) -> None:
    path = stage.program(
        "eat", "held = []\nwhile True:\n    held.append(bytearray(b'x' * 10_000_000))\n"
    )
    trace = run(fork_server, path, limits=Limits(seconds=30, memory=200_000_000))
    assert trace.stopped is not None and "more than 200 MB of memory" in trace.stopped


@pytest.mark.parametrize("end", ["time", "memory"])
def test_a_program_cannot_have_the_server_wait_for_it(
    end: str, stage: Checkout, fork_server: ForkServer
) -> None:
    """It takes from every pipe that it holds what keeps a read from blocking, and reads itself what
    is to be read at the other end.
    """
    path = stage.program(
        "block",
        f"""
import fcntl, os, threading, time
def steal(number):
    try:
        stolen = os.open(f"/proc/self/fd/{{number}}", os.O_RDONLY)
        while os.read(stolen, 65_536):
            pass
    except OSError:
        pass
held = [int(name) for name in os.listdir("/proc/self/fd") if int(name) > 2]
for number in held:
    try:
        fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) & ~os.O_NONBLOCK)
    except OSError:
        pass
os.write(1, b"now read this\\n")
os.write(2, b"and this\\n")
time.sleep(0.5)
for number in held:
    threading.Thread(target=steal, args=(number,), daemon=True).start()
while {end == "time"}:
    time.sleep(0.001)
held = bytearray(b"x" * 300_000_000)
time.sleep(1000)
""",
    )
    with ForkServer(environment=ENVIRONMENT, sandbox=fork_server._sandbox) as own:
        too_late = threading.Timer(30, own.kill)
        too_late.start()
        trace = run(
            own, path, limits=Limits(seconds=3 if end == "time" else 20, memory=200_000_000)
        )
        too_late.cancel()
    assert (
        trace.stopped is not None
        and ("ran out of time" if end == "time" else "200 MB of memory") in trace.stopped
    ), trace
    assert "now read this\n" in trace.text() and "and this\n" in trace.text()


NESTED = "\n".join(
    f"def f{number}():\n"
    + "".join(
        f"{' ' * depth}try:\n{' ' * depth} pass\n{' ' * depth}finally:\n" for depth in range(1, 20)
    )
    + " " * 20
    + "pass"
    for number in range(20)
)
"""A small program for which the compiler, all in C, takes a minute and gigabytes: what stands in a
`finally` is compiled twice.
"""


def test_a_program_that_takes_long_to_compile_is_stopped(
    stage: Checkout, fork_server: ForkServer
) -> None:
    path = stage.program("nested", NESTED)
    trace = run(fork_server, path, limits=Limits(seconds=1, memory=UNLIMITED))
    assert trace.stopped == "it ran out of time: stopped after 1 s", trace


def test_a_program_that_fills_memory_with_tables_of_pages_is_stopped(
    stage: Checkout, fork_server: ForkServer
) -> None:
    """Each page that it reads is the same one, of zeros, but has an entry of its own in a table."""
    path = stage.program(
        "tables",
        """
import mmap
held, step = [], 2 << 20
while True:
    held.append(mmap.mmap(-1, 64 << 30, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ))
    held[-1].madvise(15)  # MADV_NOHUGEPAGE
    for place in range(0, 64 << 30, step):
        held[-1][place]
""",
    )
    trace = run(fork_server, path, limits=Limits(seconds=20, memory=200_000_000))
    assert trace.stopped is not None and "more than 200 MB of memory" in trace.stopped, trace


def test_signals_neither_end_nor_stop_the_server(stage: Checkout, fork_server: ForkServer) -> None:
    path = stage.program(
        "shoot",
        """
import os
for number in range(1, 65):
    for whom in (os.getppid(), -1):
        try:
            if number not in (1, 2, 3, 9, 10, 12, 14, 15, 19) or whom != -1:
                os.kill(whom, number)
        except OSError:
            continue
print("shot")
""",
    )
    server = fork_server._process.pid
    for _ in range(2):
        assert run(fork_server, path).text() == "shot\n"
    assert fork_server._process.pid == server


def test_a_cleaner_follows_nothing_and_gives_up_on_nothing(tmp_path: Path) -> None:
    """What it is given is the folder of a program that has ended."""
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    (outside / "inner").mkdir(parents=True)
    (outside / "inner/file").write_text("kept")
    outside.chmod(0o755)
    folder.mkdir()
    for name in ("link", "inner"):
        (folder / name).symlink_to(outside)
    (folder / "hard").hardlink_to(outside / "inner/file")
    (folder / "closed/inner").mkdir(parents=True)
    (folder / "closed/inner/link").symlink_to(outside / "inner")
    (folder / "closed/inner").chmod(0)
    (folder / "closed").chmod(0)
    place = os.open(folder, os.O_RDONLY)
    for _ in range(1100):  # more than the interpreter's stack holds
        os.mkdir("d" * 100, dir_fd=place)
        deeper = os.open("d" * 100, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = deeper
    os.close(place)
    folder.chmod(0)
    scratch.remove(str(folder))
    assert not folder.exists()
    assert (outside / "inner/file").read_text() == "kept"
    assert (
        outside / "inner/file"
    ).stat().st_mode & 0o777 == 0o644 and outside.stat().st_mode & 0o777 == 0o755
    folder.symlink_to(outside)  # it put something else in its place
    scratch.remove(str(folder))
    assert not folder.is_symlink() and (outside / "inner/file").exists()
    scratch.remove(str(folder))  # or took it away
    folder.write_text("")
    scratch.remove(str(folder))
    assert not folder.exists()


@pytest.mark.parametrize("protection", ["required", "off"])
def test_killing_the_builder_leaves_no_process(
    protection: str, checkout: Checkout, tmp_path: Path
) -> None:
    (scratch := tmp_path / "tmp").mkdir()
    name = f"kill-{os.getpid()}-{protection[0]}"
    checkout.program(
        "stay",
        f"""
import ctypes, subprocess, sys, time
ctypes.CDLL(None).prctl(15, {name!r}.encode(), 0, 0, 0)
time.sleep(60)
""",
        timeout=90,
    )
    with checkout.building(AWAITED_SANDBOX=protection, TMPDIR=str(scratch)) as builder:
        until(lambda: bool(processes(name)))
        started = descendants(builder.pid)
        assert len(started) >= 2
        os.kill(builder.pid, signal.SIGKILL)
        builder.wait()
        until(lambda: not processes(name) and not [pid for pid in started if runs(pid)])
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("protection", ["required", "off"])
def test_killing_the_builder_ends_a_compiler(protection: str, checkout: Checkout) -> None:
    checkout.program("nested", NESTED, timeout=90)
    with checkout.building(AWAITED_SANDBOX=protection) as builder:
        until(lambda: any(ticks(pid) > 60 for pid in descendants(builder.pid)))
        started = descendants(builder.pid)
        os.kill(builder.pid, signal.SIGKILL)
        builder.wait()
        until(lambda: not [pid for pid in started if runs(pid)], seconds=3)


def test_a_daemon_does_not_outlive_a_builder_that_is_killed(checkout: Checkout) -> None:
    name = f"stay-{os.getpid()}"
    text = (HOSTILE / "leave.py").read_text().replace(
        'else "evil"', f"else {name!r}"
    ) + "\ntime.sleep(60)\n"
    checkout.program("stay", text, timeout=90)
    with checkout.building() as builder:
        until(lambda: bool(processes(name)))
        os.kill(builder.pid, signal.SIGKILL)
        builder.wait()
        until(lambda: not processes(name))


def test_ctrl_c_ends_a_build_whose_programs_go_on(checkout: Checkout) -> None:
    name = f"ctrl-{os.getpid()}"
    checkout.program(
        "stay",
        f"import ctypes, time\nctypes.CDLL(None).prctl(15, {name!r}.encode(), 0, 0, 0)\ntime.sleep(60)\n",
        timeout=90,
    )
    with checkout.building() as builder:
        until(lambda: bool(processes(name)))
        began = time.monotonic()
        builder.send_signal(signal.SIGINT)
        builder.wait(30)
        assert time.monotonic() - began < 30 and not processes(name)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)


def descendants(pid: int) -> list[int]:
    return [each for child in children(pid) for each in (child, *descendants(child))]


def children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def ticks(pid: int) -> int:
    """CPU that a process has used, in hundredths of a second."""
    try:
        return sum(
            map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])
        )
    except OSError:
        return 0


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


# What it forges


def ended(wait: str = "null", ready: str = "[]", more: int = 0, timers: str = "[]") -> str:
    """A step, in which a task comes to wait."""
    begin = '["begin", 0, 0, "callback", null, "x", null, null, null, null, 0, false]'
    return f'{begin}, ["end", 0, 0, null, {wait}, {ready}, {more}, {timers}]'


FORGED = {
    "a name without end": '["task", 1, "' + "x" * 200_000 + '", "c", 1, null, 0, false]',
    "a task out of nowhere": '["task", 1000000000, "", "c", 1, null, 0, false]',
    "a parent that is not there": '["task", 1, "", "c", 1, 77, 0, false]',
    "output at a line without end": '["out", 100000, "stdout", null, 1'
    + "0" * 300
    + ', null, false, "x"]',
    "output of a task out of nowhere": '["out", 100000, "stdout", -5, 1, null, false, "x"]',
    "a cut at no time": '["cut", "steps", 1' + "0" * 400 + "]",
    "a cut that is no number": '["cut", "tasks", -1]',
    "steps inside of steps without end": ", ".join(
        f'["begin", {n}, 0, "timer", null, "x", null, {n - 1 if n else "null"}, null, null, 0, false]'
        for n in range(1100)
    ),
    "a wait without end": ended(wait='["task", ["' + "x" * 200_000 + '"], null]'),
    "a wait for a task out of nowhere": ended(wait='["gather", [1000000000], null]'),
    "a sleep of less than nothing": ended(wait='["sleep", [], -1]'),
    "a sleep of no number of seconds": ended(wait='["sleep", [], NaN]'),
    "a sleep that no float holds": ended(wait='["sleep", [], 1' + "0" * 400 + "]"),
    "a sleep for a lock": ended(wait='["primitive", ["Lock"], 1]'),
    "a queue that is too long": ended(ready=str([*["x"] * 21]).replace("'", '"')),
    "less than nothing in line": ended(more=-1),
}
# What has another type than the event's field is refused where it is read.
NO_EVENTS = {
    "an object": '{"k": "note", "text": "evil"}',
    "an event without a kind": "[]",
    "an event of another kind": '["evil"]',
    "a kind that is no text": '[["note"], "evil"]',
    "a field too many": '["note", "evil", 1]',
    "a start that is none": '["start"]',
    "a name that is no text": '["task", 1, {"evil": 1}, "main", 1, null, 0, false]',
    "a number that is none": '["task", true, "evil", "main", 1, null, 0, false]',
    "an end that nobody knows": '["ended", 1, 1000000, "<script>", null]',
    "a note that is no text": '["note", ["evil"]]',
    "output of no stream": '["out", 100000, "evil", null, null, null, false, "x"]',
    "output that is no bytes": '["out", 100000, "stdout", null, null, null, false, "\\u0100"]',
    "a line between lines": '["out", 100000, "stdout", null, 1.5, null, false, "x"]',
    "a step of another kind": '["begin", 1, 0, "evil", null, null, null, null, null, null, 0, false]',
    "a time that never is": '["task", 1, "", "c", 1, null, Infinity, false]',
    "a time that is no number": '["task", 1, "", "c", 1, null, NaN, false]',
    "a time between two microseconds": '["task", 1, "", "c", 1, null, 0.5, false]',
    "steps up to nowhere": '["steps", null]',
    "an end at no time": '["exit", "soon", null]',
    "a reason that is none": '["stopped", 0, 5]',
    "a wait in words": ended(wait='"sleep 1 s"'),
    "a wait of another kind": ended(wait='["evil", [], null]'),
    "a wait for nothing that is known": ended(wait='["task", [null], null]'),
    "a sleep for ever so long": ended(wait='["sleep", [], "long"]'),
    "nobody in line": ended(ready="[null]"),
    "a timer that is none": ended(timers="[[1000000]]"),
    "a timer at no time": ended(timers='[["soon", 1]]'),
    "lists without end": "[" * 990 + "]" * 990,
}

SEND = """
import os, threading
def send(number):
    try:
        os.write(number, {what!r}.encode())
    except OSError:
        pass
threads = [threading.Thread(target=send, args=(int(name),), daemon=True) for name in os.listdir("/proc/self/fd") if int(name) > 2]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(1)  # nobody reads some of them
print("sent", flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_record_is_refused_by_its_program_s_name(
    what: str, stage: Checkout, fork_server: ForkServer
) -> None:
    forger = stage.program("forger", SEND.format(what=f"[{FORGED[what]}]\n"))
    good = stage.program("good", "print('hello')\n")
    with pytest.raises(
        RuntimeError,
        match="forger.py: (its record is forged or damaged|it could not be recorded): ",
    ):
        run(fork_server, forger)
    assert run(fork_server, good).text() == "hello\n"


@pytest.mark.parametrize("what", NO_EVENTS)
def test_what_is_no_event_is_told_of_and_left_out(
    what: str, stage: Checkout, fork_server: ForkServer
) -> None:
    forger = stage.program("forger", SEND.format(what=f'[["note", "true"], {NO_EVENTS[what]}]\n'))
    trace = run(fork_server, forger)
    assert "it wrote into the recording's own descriptor" in trace.notes
    assert "true" not in trace.notes  # nor anything else of that line
    assert (trace.text(), trace.tasks, trace.steps, trace.stopped) == ("sent\n", (), (), None)


@pytest.mark.parametrize(
    "what",
    ["x" * 100_000, "[" * 100_000 + "\n", "\n" * 1000, "{}\n[[]]\nnull\n[{}]\n", '[{"k": []}]\n'],
)
def test_noise_in_place_of_a_record_is_survived(
    what: str, stage: Checkout, fork_server: ForkServer
) -> None:
    forger = stage.program("forger", SEND.format(what=what))
    good = stage.program("good", "print('hello')\n")
    with contextlib.suppress(RuntimeError):
        assert run(fork_server, forger).file == "forger.py"
    assert run(fork_server, good).text() == "hello\n"


def test_no_program_forges_the_record_of_the_next(stage: Checkout, fork_server: ForkServer) -> None:
    """It writes a whole, good record of another program wherever it can, and reads wherever it can,
    what the next one is.
    """
    good = stage.program("good", "print('hello')\n")
    record = run(fork_server, good).to_json().replace("hello", "forged")
    forger = stage.program(
        "forger",
        f"""
import os
record = {record!r}.encode() + b"\\n"
for folder in ("/proc/self/fd", f"/proc/{{os.getppid()}}/fd", "/proc/1/fd", f"/proc/{{os.getppid()}}/task/{{os.getppid()}}/fd"):
    for name in os.listdir(folder) if os.access(folder, os.R_OK) else map(str, range(20)):
        for how in (os.O_WRONLY, os.O_RDWR, os.O_RDONLY):
            try:
                opened = os.open(f"{{folder}}/{{name}}", how | os.O_NONBLOCK)
                os.write(opened, record)
            except OSError:
                continue
for number in range(3, 70_000):
    try:
        os.write(number, record)
    except OSError:
        continue
""",
    )
    with contextlib.suppress(RuntimeError):
        assert run(fork_server, forger).file == "forger.py"
    for _ in range(2):
        trace = run(fork_server, good)
        assert (trace.text(), trace.file) == ("hello\n", "good.py")


def test_a_record_without_end_is_refused(
    stage: Checkout, fork_server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # at this end; the other has its own
    monkeypatch.setattr("loopscope.running.fork_server.MAX_RECORD_LENGTH", 10_000)
    chatty = stage.program("chatty", "for number in range(5000):\n    print(number)\n")
    with pytest.raises(
        RuntimeError, match="chatty.py: its record is longer than 10,000 characters"
    ):
        run(fork_server, chatty)


TRACE = Trace(
    "3.11.7", "p.py", "real", 1.0, 0, tasks=(Task(1, "Task-1", "main", 3, None, 0.0),),
    steps=(Step(0.0, 0.1, "task", 1, None, None, 3, Wait("sleep", seconds=1), (1, "call"), 0, ((1.0, 1), (2.0, "later"))),),
    output=(Output(0.0, "stdout", 1, 3, "hello\n", 0),),
)  # fmt: skip


def waiting(trace: Trace, on: object) -> Trace:
    return replace(trace, steps=(replace(trace.steps[0], waiting_on=on),))


BAD: dict[str, Callable[[Trace], Trace]] = {
    "python": lambda trace: replace(trace, python="3.11.7<script>"),
    "file": lambda trace: replace(trace, file="other.py"),
    "clock": lambda trace: replace(trace, clock="virtual"),
    "duration": lambda trace: replace(trace, duration=-1),
    "exit": lambda trace: replace(trace, exit="<b>"),
    "error": lambda trace: replace(trace, error=5),
    "stopped": lambda trace: replace(trace, stopped="\udcff"),
    "tasks: there are 10,001": lambda trace: replace(trace, tasks=trace.tasks * 10_001),
    "tasks[1].id": lambda trace: replace(trace, tasks=trace.tasks * 2),
    "tasks[0].internal": lambda trace: replace(trace, tasks=(replace(trace.tasks[0], internal=1),)),
    "tasks[0].line": lambda trace: replace(trace, tasks=(replace(trace.tasks[0], line=True),)),
    "steps[0].task": lambda trace: replace(trace, tasks=(), output=()),
    "steps[0].within": lambda trace: replace(trace, steps=(replace(trace.steps[0], within=0),)),
    "steps[0].ready": lambda trace: replace(trace, steps=(replace(trace.steps[0], ready=(2,)),)),
    "steps[0].timers is ((inf,": lambda trace: replace(
        trace, steps=(replace(trace.steps[0], timers=((float("inf"), 1),)),)
    ),
    "steps[0].timers": lambda trace: replace(
        trace, steps=(replace(trace.steps[0], timers=((1.0,),)),)
    ),
    "steps[0].kind": lambda trace: replace(trace, steps=(replace(trace.steps[0], kind="evil"),)),
    "steps[0].ready is (1, 1,": lambda trace: replace(
        trace, steps=(replace(trace.steps[0], ready=(1,) * 21),)
    ),
    "steps[0].ready_more": lambda trace: replace(
        trace, steps=(replace(trace.steps[0], ready_more=-1),)
    ),
    "steps[0].ready_more is True": lambda trace: replace(
        trace, steps=(replace(trace.steps[0], ready_more=True),)
    ),
    "steps[0].waiting_on is 'sleep": lambda trace: waiting(trace, "sleep 1 s"),
    "steps[0].waiting_on is ('sleep'": lambda trace: waiting(trace, ("sleep", "", 1.0)),
    "steps[0].waiting_on is Wait(kind='evil'": lambda trace: waiting(trace, Wait("evil")),
    "steps[0].waiting_on is Wait(kind=[": lambda trace: waiting(trace, Wait(["task"])),
    "steps[0].waiting_on is Wait(kind='task', subject=1": lambda trace: waiting(
        trace, Wait("task", 1)
    ),
    "steps[0].waiting_on is Wait(kind='task', subject='\\udcff": lambda trace: waiting(
        trace, Wait("task", "\udcff")
    ),
    "steps[0].waiting_on is Wait(kind='task', subject='xx": lambda trace: waiting(
        trace, Wait("task", "x" * 100_001)
    ),
    "steps[0].waiting_on is Wait(kind='queue', subject='', seconds=1": lambda trace: waiting(
        trace, Wait("queue", "", 1)
    ),
    "steps[0].waiting_on is Wait(kind='sleep', subject='', seconds=-1": lambda trace: waiting(
        trace, Wait("sleep", "", -1)
    ),
    "steps[0].waiting_on is Wait(kind='sleep', subject='', seconds=inf": lambda trace: waiting(
        trace, Wait("sleep", "", float("inf"))
    ),
    "steps[0].waiting_on is Wait(kind='sleep', subject='', seconds=nan": lambda trace: waiting(
        trace, Wait("sleep", "", float("nan"))
    ),
    "steps[0].waiting_on is Wait(kind='sleep', subject='', seconds=True": lambda trace: waiting(
        trace, Wait("sleep", "", True)
    ),
    "output[0].step": lambda trace: replace(trace, output=(replace(trace.output[0], step=1),)),
    "output[0].stream": lambda trace: replace(
        trace, output=(replace(trace.output[0], stream="stdin"),)
    ),
    "notes[0]": lambda trace: replace(trace, notes=(None,)),
}


@pytest.mark.parametrize("field", BAD)
def test_a_record_s_check_names_what_is_wrong(field: str) -> None:
    program = Program("p.py", name="p.py")
    assert validate(TRACE, program.clock, program.name) is TRACE
    with pytest.raises(ValueError) as refused:
        validate(BAD[field](TRACE), program.clock, program.name)
    assert str(refused.value).startswith(field)


# Where there is no sandbox


def only(folder: Path, *commands: str) -> str:
    """A PATH with nothing but these commands."""
    folder.mkdir()
    for name in commands:
        (folder / name).symlink_to(shutil.which(name) or name)
    return str(folder)


def test_one_line_says_that_there_is_no_bubblewrap(checkout: Checkout, tmp_path: Path) -> None:
    for name in ("one", "two"):
        checkout.program(name, "print('hello')\n")
    traces, said = checkout.build(PATH=only(tmp_path / "bin"), AWAITED_SANDBOX="")
    assert said == "examples run with less protection: bubblewrap is not installed\n"
    assert [trace.text() for trace in traces.values()] == ["hello\n"] * 2


def test_nothing_is_said_where_all_is_well(checkout: Checkout) -> None:
    checkout.program("good", "print('hello')\n")
    assert checkout.build(AWAITED_SANDBOX="")[1] == ""


def test_the_line_has_what_bubblewrap_said(checkout: Checkout, tmp_path: Path) -> None:
    checkout.program("good", "print('hello')\n")
    folder = only(tmp_path / "bin", "sh")
    Path(folder, "bwrap").write_text(
        "#!/bin/sh\necho 'bwrap: Creating new namespace failed: Operation not permitted' >&2\nexit 1\n"
    )
    Path(folder, "bwrap").chmod(0o755)
    _, said = checkout.build(PATH=folder, AWAITED_SANDBOX="")
    assert (
        said
        == "examples run with less protection: bwrap: Creating new namespace failed: Operation not permitted\n"
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "required",
            "AWAITED_SANDBOX=required: examples cannot be run in a sandbox here (bubblewrap is not installed); install bubblewrap 0.8 or later",
        ),
        ("yes", "AWAITED_SANDBOX=yes: the value is unknown; set `required` or `off`, or unset it"),
    ],
)
def test_a_build_that_must_have_a_sandbox_fails_without(
    value: str, message: str, checkout: Checkout, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    checkout.program("good", f"open({str(mark)!r}, 'w')\n")
    ran = subprocess.run(
        [sys.executable, "-m", "sitebuild", "build"], cwd=checkout.root, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": only(tmp_path / "bin"), "AWAITED_SANDBOX": value},
    )  # fmt: skip
    assert ran.returncode == 1 and message in ran.stderr and "Traceback" not in ran.stderr, (
        ran.stderr
    )
    assert not mark.exists() and not (checkout.root / ".cache/records").exists()


def test_without_a_sandbox_the_builder_and_its_servers_keep_what_they_can(
    checkout: Checkout,
) -> None:
    """Of an ordinary user's, that is: root may look into everything. What holds for root, too, is
    that they are closed, and say so.
    """
    checkout.program(
        "good",
        "import os, time\nprint(open(f'/proc/{os.getppid()}/status').read().count('NoNewPrivs:\\t1'))\ntime.sleep(5)\n",
    )
    with checkout.building(AWAITED_SANDBOX="off", AWAITED_SECRET=SECRET) as builder:
        until(lambda: len(descendants(builder.pid)) == 2)
        server, program = descendants(builder.pid)
        # what cannot be looked into belongs to root
        owned = {builder.pid: 0, server: 0, program: os.geteuid()}
        until(lambda: {pid: Path(f"/proc/{pid}/environ").stat().st_uid for pid in owned} == owned)
        assert SECRET.encode() not in Path(f"/proc/{program}/environ").read_bytes()
        said, errors = builder.communicate(timeout=60)
    assert Trace.from_json(json.loads(said)["chapter/good"]).text() == "1\n", errors
    assert "examples run with less protection: AWAITED_SANDBOX=off" in errors


# What else holds


def test_mkdocs_has_no_variable_to_publish(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`!ENV` in mkdocs.yml puts any variable of MkDocs' onto the pages."""
    from sitebuild.commands import build

    settings = "site_name: !ENV [AWAITED_SECRET, 'nothing']\nsite_description: !ENV [GITHUB_TOKEN, 'nothing']\nplugins: []\n"
    (checkout.root / "mkdocs.yml").write_text(settings)
    (checkout.root / "docs/index.md").write_text("# Hello\n")
    for name in ("AWAITED_SECRET", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, SECRET)
    ran = build.mkdocs(checkout.project, "build")
    assert ran.returncode == 0, ran.stderr
    pages = "".join(
        path.read_text(errors="replace") for path in (checkout.root / "site").rglob("*.html")
    )
    assert "nothing" in pages and SECRET not in pages


def test_what_a_program_prints_does_not_command_the_terminal_of_the_builder() -> None:
    shown = str(
        Problem(
            "examples/a/b.py",
            "it prints something else",
            "\x1b]52;c;ZXZpbA==\x07\tred: \x1b[31mé\x9b\r\nnext\n",
        )
    )
    assert (
        shown
        == "examples/a/b.py: it prints something else\n  | \\x1b]52;c;ZXZpbA==\\x07\tred: \\x1b[31mé\\x9b\\r\n  | next\n"
    )


def test_a_checkout_that_others_may_not_read_says_so(checkout: Checkout) -> None:
    """Root's programs are run as another user."""
    checkout.program("good", "print('hello')\n")
    (checkout.root / "examples").chmod(0o700)
    if os.geteuid() != 0:
        assert checkout.build()[0]["chapter/good"].text() == "hello\n"
        return
    with checkout.building() as builder:
        _, said = builder.communicate(timeout=60)
    wanted = f"AWAITED_SANDBOX=required: .*Permission denied: '{checkout.root}/examples'.*; let others read the folder and everything in it"
    assert builder.returncode == 1 and re.search(wanted, said), said


def test_ordinary_things_still_work(stage: Checkout, fork_server: ForkServer) -> None:
    path = stage.program("works", (HOSTILE / "works.py").read_text())
    trace = run(fork_server, path)
    assert trace.exit == 0, trace.text()
    assert trace.text() == (HOSTILE / "works.out").read_text()


def test_every_python_here_runs_in_it(checkout: Checkout) -> None:
    from sitebuild.records import pythons

    path = checkout.program(
        "which",
        "import sys, asyncio, ssl, sqlite3, ctypes\nprint('%d.%d' % sys.version_info[:2])\n",
    )
    found = {
        minor: python for minor in range(10, 20) if (python := pythons.find_interpreter(minor))
    }
    for minor, python in found.items():
        with ForkServer(
            environment=ENVIRONMENT,
            python=python.path,
            sandbox=sandbox_policy.choose(checkout.project),
        ) as fork_server:
            assert run(fork_server, path).text() == f"3.{minor}\n"


def test_a_checkout_that_lies_where_an_interpreter_does_is_hidden(tmp_path: Path) -> None:
    """As a virtual environment in the checkout's own folder, or a checkout below /usr/src."""
    root = tmp_path / "usr"
    (root / "src/examples").mkdir(parents=True)
    for name in ("src/secret", "src/examples/program.py", "home/secret", "lib/library", "password"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("x")
    sandbox = Sandbox(
        (str(root), str(root / "src/examples")),
        hide=(str(root / "src"), str(root / "home"), str(root / "password")),
    )
    command, _, _ = sandbox.command(sys.executable)
    ran = subprocess.run([*command, "grep", "-rl", "x", str(root)], capture_output=True, text=True)
    found = sorted(str(Path(line).relative_to(root)) for line in ran.stdout.splitlines())
    assert found == ["lib/library", "src/examples/program.py"], ran.stderr


def test_only_the_first_process_of_a_sandbox_may_end_all_others() -> None:
    with pytest.raises(RuntimeError):
        confine.kill_everything_else()


@pytest.mark.skipif(os.geteuid() != 0, reason="it is an ordinary user's run already")
def test_all_of_this_holds_for_an_ordinary_user() -> None:
    """Run once more by somebody who is not root, in a checkout of their own, where root's Pythons
    can be read.
    """
    with tempfile.TemporaryDirectory(prefix="ordinary-") as name:
        folder = Path(name)
        for part in ("loopscope", "sitebuild", "tests"):
            shutil.copytree(
                ROOT / part,
                folder / "checkout" / part,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        shutil.copy(ROOT / "pyproject.toml", folder / "checkout")
        (folder / "home").mkdir()
        subprocess.run(["chown", "-R", f"{ANOTHER_USER}:{ANOTHER_USER}", name], check=True)
        home = Path.home().resolve()
        command = ["bwrap", "--dev-bind", "/", "/", "--perms", "0755", "--tmpfs", str(home)]
        for prefix in {Path(path).resolve() for path in (sys.prefix, sys.base_prefix)}:
            if prefix.is_relative_to(home):
                for parent in list(reversed(prefix.parents))[len(home.parts) :]:
                    command += ["--perms", "0755", "--dir", str(parent)]
                command += ["--ro-bind", str(prefix), str(prefix)]
        drop = ["setpriv", f"--reuid={ANOTHER_USER}", f"--regid={ANOTHER_USER}", "--clear-groups"]
        tests = [
            sys.executable,
            "-m",
            "pytest",
            "tests/loopscope/running/test_sandbox.py",
            "-rs",
            "--basetemp",
            f"{name}/tmp",
        ]
        environment = os.environ | {"HOME": f"{name}/home", "TMPDIR": name, "CI": "true"}
        ran = subprocess.run(
            [*command, "--chdir", f"{name}/checkout", "--", *drop, *tests],
            env=environment,
            capture_output=True,
            text=True,
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (
        " passed, 1 skipped" in ran.stdout
        and "SKIPPED [1] tests/loopscope/running/test_sandbox.py" in ran.stdout
    ), ran.stdout
