"""The command: its options and formats, whose exit status it gives, and that the program keeps the
terminal.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import pytest
from commands import ENVIRONMENT, PLAIN, RECORDED, Terminal, write_programs
from warm_command import WarmCommand

from loopscope import Trace

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
    "complains": """
        import sys
        print("no good", file=sys.stderr)
        sys.exit(3)
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
    write_programs(folder, PROGRAMS)
    package = folder / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(
        (folder / "sleeper.py").read_text().replace("begin", "begin the package")
    )
    return folder


CALLS: dict[str, tuple[list[str], str]] = {
    "text": (["sleeper.py"], ""),
    "virtual": (["--clock", "virtual", "sleeper.py"], ""),
    "refused": (["--clock", "virtual", "-c", "import socket; socket.socket()"], ""),
    "json": (["--format", "json", "sleeper.py"], ""),
    "lines": (["--lines", "--clock", "virtual", "--format", "json", "sleeper.py"], ""),
    "svg": (["--format=svg", "sleeper.py"], ""),
    "html": (["--format", "html", "fails.py"], ""),
    "to_file": (["--format", "json", "-o", "record.json", "sleeper.py"], ""),
    "text_to_file": (["--output", "record.txt", "./sleeper.py"], ""),
    "format_of_the_name": (["-o", "sleeper.SVG", "sleeper.py"], ""),
    "format_and_name": (["--format", "json", "-o", "page.html", "sleeper.py"], ""),
    "arguments": (["arguments.py", "--format", "json", "-m", "--", "-o", "x"], "given"),
    "after_dashes": (["--clock", "real", "--", "arguments.py", "--clock"], ""),
    "module": (["--format", "json", "-m", "package", "--timeout", "3"], ""),
    "module_file": (["-m", "arguments", "--", "-m"], ""),
    "status": (["status.py", "7"], ""),
    "killed": (["killed.py"], ""),
    "timeout": (["--timeout", "12.5", "hangs.py"], ""),
    "timeout_json": (["--timeout", "12", "--format", "json", "hangs.py"], ""),
    "missing": (["nowhere.py"], ""),
    "missing_module": (["-m", "no_such_module"], ""),
    "nothing": ([], ""),
    "bad_time": (["--timeout", "-1", "sleeper.py"], ""),
    "no_time": (["--timeout", "x", "sleeper.py"], ""),
    "bad_place": (["-o", "no/such/folder/x", "sleeper.py"], ""),
    "help": (["--help"], ""),
}


Result = subprocess.CompletedProcess[str]
Run = Callable[[str], Result]


def as_text(done: subprocess.CompletedProcess[bytes]) -> Result:
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.fixture(scope="module")
def run(folder: Path, command: WarmCommand) -> Iterator[Run]:
    with ThreadPoolExecutor(4) as pool:
        calls: dict[str, Future[subprocess.CompletedProcess[bytes]]] = {
            name: pool.submit(command, folder, *words, given=given.encode())
            for name, (words, given) in CALLS.items()
        }
        yield lambda name: as_text(calls[name].result())


# What it shows


def test_text_is_the_programs_output_and_then_a_line_a_task(run: Run) -> None:
    done = run("text")
    assert (done.stdout, done.returncode) == ("begin\nawake\n", 0)
    first, second, last = done.stderr.splitlines()
    assert re.fullmatch(
        r"Task-1  main  \d\.\d{3} → \d\.\d{3} s  ✓ returned  2 steps(, held .*)?", first
    )
    assert re.fullmatch(
        r"napper  nap   \d\.\d{3} → \d\.\d{3} s  ✓ returned  2 steps(, held .*)?", second
    )
    assert re.fullmatch(r"sleeper\.py: exit 0 after \d\.\d{3} s \(real clock, Python .*\)", last)


def test_the_clock_can_be_virtual(run: Run) -> None:
    assert "exit 0 after 0.050 s (virtual clock, Python" in run("virtual").stderr


def test_what_the_virtual_clock_refuses_comes_with_advice_for_the_command(run: Run) -> None:
    assert run("refused").returncode == 125
    assert run("refused").stderr.splitlines()[-1] == (
        "<string>: line 1 opens a socket, which a virtual clock cannot wait for;"
        " run it without --clock virtual"
    )


def test_json_is_a_trace(run: Run) -> None:
    done = run("json")
    trace = Trace.from_json(done.stdout)
    assert (trace.file, trace.text(), trace.exit) == ("sleeper.py", "begin\nawake\n", 0)
    assert done.stderr == ""


def test_lines_are_recorded_only_when_asked_for(run: Run) -> None:
    asked, plain = (Trace.from_json(run(name).stdout) for name in ("lines", "json"))
    assert (asked.lines_from, plain.lines_from) == ("this run", None)
    assert [row.line for row in asked.steps[0].lines] == [8, 9]
    assert asked.text() == plain.text()
    assert not any(step.lines for step in plain.steps)


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
    assert "How to read this picture" in page
    assert "failed: LookupError" in page
    assert not re.findall(
        r"""(?:src|href|url|import|action)\s*[=(]\s*["']?[^#"'\s)]""",
        re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL),
    )


def test_the_record_can_go_into_a_file(run: Run, folder: Path) -> None:
    done = run("to_file")
    assert (done.stdout, done.stderr) == ("begin\nawake\n", "")
    assert Trace.from_json((folder / "record.json").read_text()).exit == 0
    assert run("text_to_file").stdout == "begin\nawake\n"
    assert "napper" in (folder / "record.txt").read_text()


def test_a_file_s_name_says_its_format_unless_one_is_chosen(folder: Path, run: Run) -> None:
    for call, begins in (("format_of_the_name", "<svg "), ("format_and_name", "{")):
        done = run(call)
        assert (done.stdout, done.stderr, done.returncode) == ("begin\nawake\n", "", 0)
        assert (folder / done.args[-2]).read_text().startswith(begins)


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
    assert [(task.name, task.line) for task in trace.tasks if not task.internal] == [
        ("Task-1", 11),
        ("napper", 9),
    ]
    assert run("module_file").stdout == "['--', '-m'] \n"


def test_the_exit_status_is_the_programs(run: Run) -> None:
    assert run("status").returncode == 7
    assert run("status").stderr.endswith(
        f"status.py: exit 7 after {run('status').stderr.rpartition('after ')[2]}"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk")
@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("sleeper.py", 0),
        ("status.py 7", 7),
        ("complains.py", 3),
        ("--format svg fails.py", 1),
        ("nowhere.py", 2),
    ],
)
def test_the_exit_status_is_the_programs_also_where_standard_error_is_full(
    folder: Path, words: str, status: int
) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*RECORDED, *words.split()],
            cwd=folder,
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=full,
            timeout=60,
        )
    assert done.returncode == status


def test_a_signal_that_kills_the_program_kills_the_command(run: Run) -> None:
    done = run("killed")
    assert (done.stdout, done.returncode) == ("so far\n", -signal.SIGTERM)
    assert "killed.py: exit SIGTERM" in done.stderr


def test_running_out_of_time_gives_124_and_what_there_is(run: Run) -> None:
    done = run("timeout")
    assert (done.stdout, done.returncode) == ("so far\n", 124)
    assert (
        "hangs.py: it ran out of time: stopped after 12.5 s; Task-1 is waiting at line 5 for sleep 3600 s\n"
        in done.stderr
    )
    held = r"(, held the loop for [\d.]+ s)?"  # on a busy machine
    waits = f"… still pending  1 step{held}, waits for sleep 3600 s at line 5"
    assert re.search(waits, done.stderr)
    recorded = run("timeout_json")
    assert recorded.returncode == 124
    assert json.loads(recorded.stdout)["exit"] == 124
    assert recorded.stderr.startswith("loopscope: hangs.py: it ran out of time")


def test_mistakes_are_named(run: Run) -> None:
    assert (run("missing").returncode, run("missing").stderr) == (
        2,
        "loopscope: nowhere.py: there is no such program\n",
    )
    assert run("missing_module").returncode == 1
    assert "No module named no_such_module" in run("missing_module").stderr
    assert (
        run("nothing").returncode,
        "which program? Give a file, -m MODULE, -c CODE or -" in run("nothing").stderr,
    ) == (2, True)
    for name in ("bad_time", "no_time"):
        assert (run(name).returncode, run(name).stderr.splitlines()[-1]) == (
            2,
            "loopscope: error: argument --timeout: must be a number of seconds above 0",
        )
    assert (
        run("bad_place").returncode,
        "cannot be written to no/such/folder/x (No such" in run("bad_place").stderr,
    ) == (2, True)
    assert (
        run("help").returncode,
        run("help").stdout.startswith("usage: loopscope [OPTION ...] PROGRAM"),
    ) == (0, True)


def test_the_command_imports_nothing_that_only_some_calls_need() -> None:
    """Above all not asyncio, nor what records it: that is for the program's own interpreter."""
    code = "import sys, loopscope.__main__; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True
    )
    needless = {
        "asyncio",
        "tempfile",
        "webbrowser",
        "zipfile",
        "loopscope.recording.in_process",
        "loopscope.views.page",
    }
    assert needless & {*done.stdout.split()} == set()
    assert "loopscope.running.launch" in done.stdout


# Programs that are no files

NO_FILE = """\
import asyncio, sys

def fail():
    raise ValueError(sys.argv)

async def nap():
    await asyncio.sleep(0.05)
    print("awake", sys.path[0] == "", globals().get("__file__"), repr(sys.stdin.read()))

async def main():
    await asyncio.create_task(nap(), name="napper")
    fail()

asyncio.run(main())
"""


def three(
    folder: Path, command: WarmCommand, words: list[str], given: object
) -> tuple[Result, Result, Result]:
    """The same program unrecorded, recorded as text, and recorded as JSON; `given` opens its
    standard input.
    """
    results = []
    for start in (PLAIN, RECORDED):
        with given() as stdin:  # type: ignore[operator]
            done = subprocess.run(
                [*start, *words],
                cwd=folder,
                env=ENVIRONMENT,
                stdin=stdin,
                capture_output=True,
                text=True,
                timeout=60,
            )
        results.append(done)
    with given() as stdin:  # type: ignore[operator]
        as_json = command(folder, "--clock", "virtual", "--format", "json", *words, given=stdin)
    plain, recorded = results
    return plain, recorded, as_text(as_json)


def from_pipe(text: str) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
            assert cat.stdin is not None and cat.stdout is not None
            threading.Thread(
                target=lambda: (cat.stdin.write(text.encode()), cat.stdin.close())
            ).start()  # type: ignore[union-attr]
            yield cat.stdout

    return opened


def from_file(folder: Path, text: str) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    file = folder / "given.txt"
    file.write_text(text)
    return lambda: file.open("rb")


LONG = "".join(f"# line {number}\n" for number in range(20_000)) + NO_FILE  # more than a pipe holds


@pytest.mark.parametrize(
    ("words", "way", "given", "name", "above"),
    [
        (["-c", NO_FILE, "-m", "x"], "pipe", "given", "<string>", 0),
        ([f"-c{NO_FILE}"], "file", "given", "<string>", 0),
        (["-", "a", "--format"], "pipe", NO_FILE, "<stdin>", 0),
        (["-"], "file", NO_FILE, "<stdin>", 0),
        (["-"], "pipe", LONG, "<stdin>", 20_000),
    ],
)
def test_a_program_that_is_no_file_does_what_it_does_unrecorded(
    folder: Path,
    command: WarmCommand,
    words: list[str],
    way: str,
    given: str,
    name: str,
    above: int,
) -> None:
    plain, recorded, as_json = three(
        folder, command, words, from_pipe(given) if way == "pipe" else from_file(folder, given)
    )
    assert "awake True" in plain.stdout
    assert f'File "{name}", line {above + 14}, in <module>' in plain.stderr
    assert (
        (recorded.stdout, recorded.returncode)
        == (plain.stdout, plain.returncode)
        == (plain.stdout, 1)
    )
    summary = recorded.stderr.removeprefix(plain.stderr)
    assert re.search(r"^napper  nap .* ✓ returned", summary, re.MULTILINE)
    assert re.search(rf"^{name}: exit 1 after", summary, re.MULTILINE)
    trace = Trace.from_json(as_json.stdout)
    assert (trace.file, trace.text("stdout"), trace.text("stderr")) == (
        name,
        plain.stdout,
        plain.stderr,
    )
    tasks = [(task.name, task.line) for task in trace.tasks if not task.internal]
    assert tasks == [("Task-1", above + 14), ("napper", above + 11)]
    lines = {step.suspended_line for step in trace.steps if step.task is not None}
    assert {above + 7, above + 11} <= lines
    assert {piece.line for piece in trace.output if piece.stream == "stdout"} == {above + 8}


@pytest.mark.parametrize("way", ["pipe", "file"])
def test_a_program_on_standard_input_is_read_in_the_encoding_that_it_declares(
    folder: Path, way: str
) -> None:
    source = b"# coding: latin-1\nprint('caf\xe9')\n"
    (folder / "latin.txt").write_bytes(source)
    line = "{} - < latin.txt" if way == "file" else "cat latin.txt | {} -"
    plain, recorded = (
        subprocess.run(
            ["bash", "-c", line.format(" ".join(start))],
            cwd=folder,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
        )
        for start in (PLAIN, RECORDED)
    )
    assert (recorded.stdout, recorded.returncode) == (plain.stdout, plain.returncode)
    assert recorded.stderr.startswith(plain.stderr)


def test_the_page_of_a_program_that_is_no_file_shows_its_text(
    folder: Path, command: WarmCommand
) -> None:
    code = "import asyncio\nasyncio.run(asyncio.sleep(0, print('<so>')))"
    for done in (
        command(folder, "--format", "html", "-c", code),
        command(folder, "--format", "html", "-", given=code.encode()),
    ):
        assert done.returncode == 0
        assert (
            '<span data-at="2">asyncio.run(asyncio.sleep(0, print(&#x27;&lt;so&gt;&#x27;)))</span>'
            in done.stdout.decode()
        )


def test_a_program_can_be_typed_on_a_terminal(folder: Path) -> None:
    terminal = Terminal(folder, *RECORDED, "-")
    terminal.type("print('typed')\n\x04")
    terminal.until("typed\r\n")
    assert terminal.end() == 0


# The browser


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A command that writes down what it is to show."""
    shows = tmp_path / "shows"
    shows.write_text('#!/bin/sh\necho "$1" > "$0.txt"\n')
    shows.chmod(0o755)
    return shows


def opening(folder: Path, *words: str, **environment: str) -> Result:
    return subprocess.run(
        [*RECORDED, "--open", *words],
        cwd=folder,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_open_shows_a_page_that_lasts_in_the_browser(
    folder: Path, browser: Path, tmp_path: Path
) -> None:
    done = opening(folder, "status.py", "3", BROWSER=str(browser), TMPDIR=str(tmp_path))
    assert done.returncode == 3
    (page,) = tmp_path.glob("loopscope-*.html")
    assert done.stderr == f"loopscope: the page is {page}\n"
    assert (tmp_path / "shows.txt").read_text() == f"{page.as_uri()}\n"
    assert page.read_text().startswith("<!doctype html>")
    assert "sys.exit(int(sys.argv[1]))" in page.read_text()
    done = opening(folder, "-o", "my page.html", "sleeper.py", BROWSER=str(browser))
    assert (done.stdout, done.stderr, done.returncode) == (
        "begin\nawake\n",
        "loopscope: the page is my page.html\n",
        0,
    )
    assert (tmp_path / "shows.txt").read_text() == f"{(folder / 'my page.html').as_uri()}\n"
    assert "napper" in (folder / "my page.html").read_text()


def test_open_says_where_the_page_is_where_there_is_no_browser(
    folder: Path, tmp_path: Path
) -> None:
    missing = {"BROWSER": "", "DISPLAY": "", "WAYLAND_DISPLAY": "", "PATH": str(tmp_path)}
    for environment in (missing, {"BROWSER": "false"}):
        done = opening(folder, "sleeper.py", TMPDIR=str(tmp_path), **environment)
        assert (done.stdout, done.returncode) == ("begin\nawake\n", 0)
        found = re.fullmatch(
            r"loopscope: the page is (\S+); no browser here could open it\n", done.stderr
        )
        assert found and Path(found[1]).read_text().startswith("<!doctype html>")


def test_open_is_for_pages_alone(folder: Path, tmp_path: Path) -> None:
    done = opening(folder, "--format", "svg", "sleeper.py", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "--open shows a page in the browser, which is --format html and not svg" in done.stderr
    assert list(tmp_path.iterdir()) == []


# Signals and terminals


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_pipe_takes_the_place_of_a_closed_standard_descriptor(
    folder: Path, tmp_path: Path
) -> None:
    """What C code writes to descriptor 2 would otherwise go into a pipe of ours."""
    (folder / "descriptors.py").write_text(
        "import os\n"
        "parent = os.getppid()\n"
        "print([os.readlink(f'/proc/{parent}/fd/{number}') for number in range(3)])\n"
    )
    record = tmp_path / "record.json"
    shell = ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")
    command = (*shell, *RECORDED, "--format", "json", "-o", str(record), "descriptors.py")
    assert subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=False).returncode == 0
    assert Trace.from_json(record.read_text()).text("stdout") == f"{['/dev/null'] * 3}\n"


def test_the_program_ends_when_its_reader_goes(folder: Path) -> None:
    line = f"{sys.executable} -m loopscope talks.py | head -2; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("0\n1\n141\n", "")


def test_a_program_on_a_terminal_can_ask(folder: Path) -> None:
    terminal = Terminal(folder, *RECORDED, "asks.py")
    terminal.until("Name? ")
    terminal.type("Ann\n")
    assert terminal.end() == 0
    assert "True\r\n" in terminal.seen
    assert "Hello Ann\r\n" in terminal.seen
    assert "asks.py: exit 0" in terminal.seen


def test_ctrl_z_stops_command_and_program_until_they_are_continued(folder: Path) -> None:
    terminal = Terminal(folder, sys.executable, "-c", SHELL, "asks.py")
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
