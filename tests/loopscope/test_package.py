"""loopscope as others get it: a wheel, installed where nothing of this project is, on the oldest
Python and on the newest here.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from commands import ENVIRONMENT, PATIENCE, RECORDED, ROOT

from loopscope import Limits, Trace, __version__
from loopscope.limits import (
    EXIT_STOPPED,
    EXIT_TIMED_OUT,
    MAX_OUTPUT_PIECES,
    MAX_STEPS,
    MAX_TASKS,
)
from sitebuild.records import pythons

OLDEST, NEWEST = 10, 15  # that loopscope is for, as 3.x
BARE = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("PYTHON")}
PROGRAM = """\
import asyncio, sys

async def main():
    await asyncio.sleep(0.01)
    print("hello", *sys.argv[1:])

asyncio.run(main())
"""


def missing(what: str) -> None:
    """Skip, but never in CI, where all that tests need is installed."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("flit_core") is None:
        missing("flit_core, which builds the package, is not installed (make test installs it)")
    folder = tmp_path_factory.mktemp("wheel")
    offline = ["--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        *offline,
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=5 * PATIENCE)
    assert done.returncode == 0, done.stderr
    (built,) = folder.iterdir()
    return built


def install(wheel: Path, candidates: list[str], folder: Path) -> Path:
    """Install the wheel into a new environment of the first Python for which that can be done.

    This environment's pip does so: one of its own would take seconds to come there.

    Returns:
        The environment's folder of commands.
    """
    options = ["--quiet", "--no-index", "--disable-pip-version-check"]
    for python in candidates:
        commands = (
            [python, "-m", "venv", "--clear", "--without-pip", folder],
            [
                sys.executable,
                "-m",
                "pip",
                "--python",
                folder / "bin/python",
                "install",
                *options,
                wheel,
            ],
        )
        done = [
            subprocess.run(command, env=BARE, capture_output=True, text=True, timeout=5 * PATIENCE)
            for command in commands
        ]
        if not any(each.returncode for each in done):
            return folder / "bin"
    raise AssertionError("\n".join(each.stderr for each in done))


@pytest.fixture(scope="module")
def installed(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Path]]:
    """Where the commands are of an environment with the oldest Python, or with the newest."""
    here = [
        (minor, found.path)
        for minor in range(OLDEST, NEWEST + 1)
        if (found := pythons.find_interpreter(minor))
    ]
    candidates = {"oldest": [here[0][1]], "newest": [path for _, path in reversed(here)]}
    with ThreadPoolExecutor(2) as pool:
        begun: dict[str, Future[Path]] = {
            age: pool.submit(install, wheel, paths, tmp_path_factory.mktemp(age))
            for age, paths in candidates.items()
        }

        def commands(age: str) -> Path:
            if age == "oldest" and here[0][0] != OLDEST:
                pytest.skip(f"there is no Python 3.{OLDEST} here")
            return begun[age].result()

        yield commands


def run(
    commands: Path, folder: Path, *words: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [commands / words[0], *words[1:]],
        cwd=folder,
        env=BARE,
        input=given,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_the_wheel_holds_loopscope_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        folder = f"loopscope-{__version__}.dist-info"
        told = archive.read(f"{folder}/METADATA").decode()
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "loopscope"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    ours = {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}
    assert {name for name in names if not name.startswith(folder)} == ours
    assert {"loopscope/py.typed", "loopscope/running/_boot/sitecustomize.py"} < ours
    assert f"{folder}/licenses/LICENSE" in names
    assert f"\nVersion: {__version__}\n" in told
    assert "\nRequires-Python: >=3.10\n" in told
    assert "Requires-Dist" not in told
    assert (ROOT / "loopscope/README.md").read_text() in told


@pytest.mark.parametrize("age", ["oldest", "newest"])
def test_the_command_runs_where_it_is_installed(
    installed: Callable[[str], Path], tmp_path: Path, age: str
) -> None:
    commands = installed(age)
    (tmp_path / "program.py").write_text(PROGRAM)
    version = run(
        commands, tmp_path, "python", "-c", "import sys; print(sys.version.split()[0])"
    ).stdout.strip()
    assert (
        run(commands, tmp_path, "loopscope", "--version").stdout
        == f"loopscope {__version__} (Python {version})\n"
    )
    done = run(commands, tmp_path, "loopscope", "--clock", "virtual", "program.py", "you")
    assert (done.stdout, done.returncode) == ("hello you\n", 0)
    assert f"program.py: exit 0 after 0.010 s (virtual clock, Python {version})" in done.stderr
    done = run(commands, tmp_path, "loopscope", "--format", "json", "-", given=PROGRAM)
    trace = Trace.from_json(done.stdout)
    assert (trace.file, trace.text(), [task.coro for task in trace.tasks if not task.internal]) == (
        "<stdin>",
        "hello\n",
        ["main"],
    )
    page = run(commands, tmp_path, "loopscope", "--format", "html", "program.py").stdout
    # the script and the style beside the modules came along
    assert "customElements.define(" in page and "loop-stepper" in page
    assert "<svg" in run(commands, tmp_path, "loopscope", "--format", "svg", "program.py").stdout


@pytest.mark.parametrize("age", ["oldest", "newest"])
def test_the_package_can_be_used_where_it_is_installed(
    installed: Callable[[str], Path], tmp_path: Path, age: str
) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    code = """
        from loopscope import Limits, Program, Trace, record
        trace = record(Program("program.py", ("you",), clock="virtual"), Limits(seconds=30))
        assert isinstance(trace, Trace)
        print(trace.text(), round(trace.duration, 2))
        """
    done = run(installed(age), tmp_path, "python", "-c", textwrap.dedent(code))
    assert (done.stdout, done.stderr) == ("hello you\n 0.01\n", "")


def test_the_picture_in_the_readme_is_that_of_the_program_beside_it(tmp_path: Path) -> None:
    (program,) = re.findall(
        r"```python\n(import asyncio\n.*?)```",
        (ROOT / "loopscope/README.md").read_text(),
        re.DOTALL,
    )
    (tmp_path / "downloads.py").write_text(program)
    command = [*RECORDED, "--clock", "virtual", "--format", "svg", "downloads.py"]
    done = subprocess.run(
        command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.stdout == (ROOT / "loopscope/downloads.svg").read_text(), (
        f"make it anew: {' '.join(command)}"
    )


@pytest.mark.parametrize("name", ["README.md", "loopscope/README.md"])
def test_the_links_of_a_readme_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", (ROOT / name).read_text()):
        path, _, section = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), link
        if section:
            headings = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
            anchors = [re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings]
            assert section in anchors, link


def test_the_readme_names_the_limits_that_there_are() -> None:
    text = (ROOT / "loopscope/README.md").read_text()
    limits = Limits()
    for words in (
        f"the first {MAX_TASKS:,} tasks and {MAX_STEPS:,} steps",
        f"the first {MAX_OUTPUT_PIECES:,} pieces",
        f"after {limits.seconds:g} seconds",
        f"{limits.output:,} bytes of output, {limits.memory // 1_000_000:,} MB of memory or"
        f" {limits.processes} processes",
        f"more than {limits.file // 1_000_000} MB into one file",
        f"{EXIT_TIMED_OUT}: it ran out of time",
        f"{EXIT_STOPPED}: loopscope ended it for another reason",
    ):
        assert words in text


# Where it cannot record

WINDOWS = """\
import runpy, sys
for name in ("fcntl", "resource", "termios"):
    sys.modules[name] = None
sys.platform = "win32"
"""
REFUSED = "programs can be recorded on Linux and macOS, but not on Windows (its Subsystem for Linux, WSL, will do)"


def on_windows(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WINDOWS + code],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_on_windows_the_command_refuses_in_one_sentence() -> None:
    for code in (
        "sys.argv = ['loopscope', 'program.py']\nrunpy.run_module('loopscope', run_name='__main__', alter_sys=True)",
        "from loopscope.__main__ import main",  # as the installed command does
    ):
        done = on_windows(code)
        assert (done.stdout, done.stderr, done.returncode) == ("", f"loopscope: {REFUSED}\n", 2)


def test_on_windows_records_can_be_read_but_not_made() -> None:
    done = on_windows(
        "import loopscope\nfrom loopscope import Limits, Trace\nprint(loopscope.__version__)\n"
        "try:\n    from loopscope import record\nexcept ImportError as problem:\n    print(problem, problem.__cause__, problem.__context__)\n"
    )
    assert (done.stdout, done.stderr) == (f"{__version__}\n{REFUSED} None None\n", "")


IN_A_BROWSER = """\
import asyncio, importlib, pkgutil, sys

GONE = {"fcntl", "resource", "termios", "subprocess", "_posixsubprocess", "select", "socket", "_socket", "ssl", "_ssl"}

class Refuses:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in GONE:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

for name in GONE:  # asyncio has got what it wants; in a browser it makes do without
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Refuses)
for part in ("trace", "recording", "views"):
    package = importlib.import_module(f"loopscope.{part}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        try:
            importlib.import_module(module.name)
            print(module.name)
        except ModuleNotFoundError as problem:
            print(module.name, "needs", problem.name)
"""


def test_what_runs_in_a_browser_imports_nothing_that_is_missing_there() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_A_BROWSER],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.stderr == ""
    told = done.stdout.splitlines()
    assert {
        "loopscope.trace.model",
        "loopscope.recording.recorder",
        "loopscope.recording.virtual_clock.clock",
        "loopscope.views.page",
    } < set(told)
    assert [line for line in told if " needs " in line] == [
        "loopscope.recording.in_process needs fcntl"
    ]
