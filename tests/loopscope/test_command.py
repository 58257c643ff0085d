"""The command: its options and formats, whose exit status it gives, and that the program keeps the terminal."""

from __future__ import annotations

import errno
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest

from loopscope import Trace

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}

PROGRAMS = {
    "sleeper": """
        import asyncio

        async def nap():
            await asyncio.sleep(0.05)
            print("awake")

        async def main():
            print("begin")
            await asyncio.create_task(nap(), name="napper")

        asyncio.run(main())
        """,
    "arguments": """
        import os, sys
        print(sys.argv[1:], sys.stdin.read())
        print(os.environ.get("PYTHONPATH") == os.pathsep.join(sys.path[1:2]), sys.path[0] == os.path.dirname(os.path.abspath(__file__)), file=sys.stderr)
        """,
    "status": """
        import sys
        sys.exit(int(sys.argv[1]))
        """,
    "killed": """
        import os, signal
        print("so far")
        os.kill(os.getpid(), signal.SIGTERM)
        """,
    "hangs": """
        import asyncio

        async def main():
            print("so far")
            await asyncio.sleep(3600)

        asyncio.run(main())
        """,
    "careful": """
        import asyncio, sys

        async def main():
            print("ready", flush=True)
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                print("tidied up")
                raise

        try:
            asyncio.run(main())
        except KeyboardInterrupt:
            sys.exit(42)
        """,
    "careless": """
        import time
        print("ready", flush=True)
        time.sleep(60)
        """,
    "asks": """
        import sys
        print(sys.stdin.isatty())
        name = input("Name? ")
        print("Hello", name)
        """,
    "talks": """
        import itertools
        for number in itertools.count():
            print(number)
        """,
    "fails": """
        import asyncio

        async def main():
            raise LookupError("<nothing> there")

        asyncio.run(main())
        """,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    for name, text in PROGRAMS.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text).lstrip("\n"))
    package = folder / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text((folder / "sleeper.py").read_text().replace("begin", "begin the package"))
    return folder


CALLS: dict[str, tuple[list[str], str]] = {
    "text": (["sleeper.py"], ""),
    "virtual": (["--clock", "virtual", "sleeper.py"], ""),
    "json": (["--format", "json", "sleeper.py"], ""),
    "svg": (["--format=svg", "sleeper.py"], ""),
    "html": (["--format", "html", "fails.py"], ""),
    "to_file": (["--format", "json", "-o", "record.json", "sleeper.py"], ""),
    "text_to_file": (["--output", "record.txt", "./sleeper.py"], ""),
    "arguments": (["arguments.py", "--format", "json", "-m", "--", "-o", "x"], "given"),
    "after_dashes": (["--clock", "real", "--", "arguments.py", "--clock"], ""),
    "module": (["--format", "json", "-m", "package", "--timeout", "3"], ""),
    "module_file": (["-m", "arguments", "--", "-m"], ""),
    "status": (["status.py", "7"], ""),
    "killed": (["killed.py"], ""),
    "timeout": (["--timeout", "1.5", "hangs.py"], ""),
    "timeout_json": (["--timeout", "1", "--format", "json", "hangs.py"], ""),
    "missing": (["nowhere.py"], ""),
    "missing_module": (["-m", "no_such_module"], ""),
    "nothing": ([], ""),
    "bad_time": (["--timeout", "-1", "sleeper.py"], ""),
    "bad_place": (["-o", "no/such/folder/x", "sleeper.py"], ""),
    "help": (["--help"], ""),
}


def command(folder: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "loopscope", *words], cwd=folder, env=ENVIRONMENT, input=given, capture_output=True, text=True, timeout=60
    )


@pytest.fixture(scope="module")
def run(folder: Path) -> Iterator[Callable[[str], subprocess.CompletedProcess[str]]]:
    with ThreadPoolExecutor(4) as pool:
        calls: dict[str, Future] = {name: pool.submit(command, folder, *words, given=given) for name, (words, given) in CALLS.items()}
        yield lambda name: calls[name].result()


Run = Callable[[str], "subprocess.CompletedProcess[str]"]

# What it shows


def test_text_is_the_programs_output_and_then_a_line_a_task(run: Run) -> None:
    done = run("text")
    assert (done.stdout, done.returncode) == ("begin\nawake\n", 0)
    first, second, last = done.stderr.splitlines()
    assert re.fullmatch(r"Task-1  main  0\.0\d\d → 0\.\d\d\d s  ✓ returned  2 steps", first)
    assert re.fullmatch(r"napper  nap   0\.0\d\d → 0\.\d\d\d s  ✓ returned  2 steps", second)
    assert re.fullmatch(r"sleeper\.py: exit 0 after 0\.\d\d\d s \(real clock, Python .*\)", last)


def test_the_clock_can_be_virtual(run: Run) -> None:
    assert "exit 0 after 0.050 s (virtual clock, Python" in run("virtual").stderr


def test_json_is_a_trace(run: Run) -> None:
    done = run("json")
    trace = Trace.from_json(done.stdout)
    assert (trace.file, trace.text(), trace.exit) == ("sleeper.py", "begin\nawake\n", 0)
    assert done.stderr == ""


def test_svg_is_a_picture_that_stands_alone(run: Run) -> None:
    done = run("svg")
    assert ElementTree.fromstring(done.stdout).tag == "{http://www.w3.org/2000/svg}svg"
    assert "napper" in done.stdout


def test_html_is_one_file_that_asks_nothing_of_others(run: Run) -> None:
    done = run("html")
    assert done.returncode == 1
    page = done.stdout
    assert page.startswith("<!doctype html>")
    assert "LookupError: &lt;nothing&gt; there" in page
    assert "raise LookupError(&quot;&lt;nothing&gt; there&quot;)" in page
    assert "<svg" in page
    assert "failed: LookupError" in page
    assert not re.findall(
        r"""(?:src|href|url|import|action)\s*[=(]\s*["']?[^#"'\s)]""", re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL)
    )


def test_the_record_can_go_into_a_file(run: Run, folder: Path) -> None:
    done = run("to_file")
    assert (done.stdout, done.stderr) == ("begin\nawake\n", "")
    assert Trace.from_json((folder / "record.json").read_text()).exit == 0
    assert run("text_to_file").stdout == "begin\nawake\n"
    assert "napper" in (folder / "record.txt").read_text()


# What it passes on


def test_arguments_and_input_are_the_programs(run: Run) -> None:
    done = run("arguments")
    assert done.stdout == "['--format', 'json', '-m', '--', '-o', 'x'] given\n"
    assert done.stderr.startswith("True True\n")
    assert run("after_dashes").stdout == "['--clock'] \n"


def test_modules_run_as_python_runs_them(run: Run, folder: Path) -> None:
    trace = Trace.from_json(run("module").stdout)
    assert trace.text() == "begin the package\nawake\n"
    assert trace.file == str(folder / "package" / "__main__.py")
    assert [(task.name, task.line) for task in trace.tasks if not task.internal] == [("Task-1", 11), ("napper", 9)]
    assert run("module_file").stdout == "['--', '-m'] \n"


def test_the_exit_status_is_the_programs(run: Run) -> None:
    assert run("status").returncode == 7
    assert run("status").stderr.endswith(f"status.py: exit 7 after {run('status').stderr.rpartition('after ')[2]}")


def test_a_killed_program_gives_128_and_the_signal(run: Run) -> None:
    done = run("killed")
    assert (done.stdout, done.returncode) == ("so far\n", 128 + signal.SIGTERM)
    assert "killed.py: exit SIGTERM" in done.stderr


def test_running_out_of_time_gives_124_and_what_there_is(run: Run) -> None:
    done = run("timeout")
    assert (done.stdout, done.returncode) == ("so far\n", 124)
    assert "hangs.py: it ran out of time: stopped after 1.5 s; Task-1 waits at line 5 for sleep 3600 s\n" in done.stderr
    assert "… still pending  1 step, waits for sleep 3600 s at line 5" in done.stderr
    recorded = run("timeout_json")
    assert recorded.returncode == 124
    assert json.loads(recorded.stdout)["exit"] == 124
    assert recorded.stderr.startswith("loopscope: hangs.py: it ran out of time")


def test_mistakes_are_named(run: Run) -> None:
    assert (run("missing").returncode, run("missing").stderr) == (2, "loopscope: nowhere.py: there is no such program\n")
    assert run("missing_module").returncode == 1
    assert "No module named no_such_module" in run("missing_module").stderr
    assert (run("nothing").returncode, "which program? Give a file, or -m MODULE" in run("nothing").stderr) == (2, True)
    assert (run("bad_time").returncode, "more than 0 seconds" in run("bad_time").stderr) == (2, True)
    assert (run("bad_place").returncode, "No such file or directory: 'no/such/folder/x'" in run("bad_place").stderr) == (2, True)
    assert (run("help").returncode, run("help").stdout.startswith("usage: python -m loopscope")) == (0, True)


# Signals and terminals


def started(folder: Path, name: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "loopscope", f"{name}.py"],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize(
    ("name", "number", "status", "output"),
    [("careful", signal.SIGINT, 42, "tidied up\n"), ("careless", signal.SIGINT, 130, ""), ("careless", signal.SIGTERM, 143, "")],
)
def test_signals_go_to_the_program_whose_status_is_given(folder: Path, name: str, number: int, status: int, output: str) -> None:
    process = started(folder, name)
    time.sleep(0.2)  # Python itself misses a signal that comes between two of its looks, just before it sleeps
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (status, output)
    assert "loopscope" not in err.replace(f"{folder}", "")
    assert f"{name}.py: exit {status if status == 42 else signal.Signals(number).name}" in err


def test_the_program_ends_when_its_reader_goes(folder: Path) -> None:
    line = f"{sys.executable} -m loopscope talks.py | head -2; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=20)
    assert (done.stdout, done.stderr) == ("0\n1\n141\n", "")


class Terminal:
    """The command on a terminal of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._descriptor, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, *words],
            cwd=folder,
            env=ENVIRONMENT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.seen = ""

    def until(self, text: str) -> None:
        """Read until `text` has been seen; fails after a while."""
        deadline = time.monotonic() + 20
        while text not in self.seen:
            assert time.monotonic() < deadline, self.seen
            self._read(0.1)

    def _read(self, patience: float) -> bool:
        if not select.select([self._descriptor], [], [], patience)[0]:
            return True
        try:
            data = os.read(self._descriptor, 4096)
        except OSError as problem:
            assert problem.errno == errno.EIO
            return False
        self.seen += data.decode()
        return bool(data)

    def type(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    def end(self) -> int:
        while self._read(20):
            continue
        os.close(self._descriptor)
        return self._process.wait(20)


TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


def test_a_program_on_a_terminal_can_ask(folder: Path) -> None:
    terminal = Terminal(folder, "-m", "loopscope", "asks.py")
    terminal.until("Name? ")
    terminal.type("Ann\n")
    assert terminal.end() == 0
    assert "True\r\n" in terminal.seen
    assert "Hello Ann\r\n" in terminal.seen
    assert "asks.py: exit 0" in terminal.seen


def test_ctrl_c_on_a_terminal_reaches_the_program(folder: Path) -> None:
    terminal = Terminal(folder, "-m", "loopscope", "careful.py")
    terminal.until("ready")
    terminal.type("\x03")
    assert terminal.end() == 42
    assert "tidied up\r\n" in terminal.seen


def test_ctrl_z_stops_command_and_program_until_they_are_continued(folder: Path) -> None:
    terminal = Terminal(folder, "-c", SHELL, "asks.py")
    terminal.until("Name? ")
    terminal.type("\x1a")
    terminal.until("stopped")
    terminal.type("go on\n")
    terminal.until("goes on")
    terminal.type("Ann\n")
    assert terminal.end() == 0
    assert "Hello Ann\r\n" in terminal.seen
    assert "0 is its status\r\n" in terminal.seen


SHELL = """
import os, signal, subprocess, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-m", "loopscope", sys.argv[1]], preexec_fn=lambda: (os.setpgid(0, 0), os.tcsetpgrp(0, os.getpid())))
_, status = os.waitpid(child.pid, os.WUNTRACED)
os.tcsetpgrp(0, os.getpid())
print("stopped" if os.WIFSTOPPED(status) else "ended", flush=True)
input()
print("goes on", flush=True)
os.tcsetpgrp(0, child.pid)
os.killpg(child.pid, signal.SIGCONT)
_, status = os.waitpid(child.pid, 0)
os.tcsetpgrp(0, os.getpid())
print(os.waitstatus_to_exitcode(status), "is its status", flush=True)
"""
