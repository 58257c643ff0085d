"""`from loopscope import record`: in somebody's own process, which has children, threads and signal
handlers of its own.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from commands import ENVIRONMENT, PATIENCE, children, state, wait_until

from loopscope import Limits, Program, record

GREETS = """\
import asyncio, sys

async def main():
    await asyncio.sleep(0.01)
    print("hello", *sys.argv[1:], flush=True)

asyncio.run(main())
"""
LEAVES = """\
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "300"], start_new_session=True)
print(os.getpid(), child.pid, flush=True)
time.sleep(300)
"""


@pytest.fixture
def greets(tmp_path: Path) -> str:
    (tmp_path / "greets.py").write_text(GREETS)
    return str(tmp_path / "greets.py")


def host(code: str, *words: str) -> subprocess.Popen[str]:
    """A process of somebody else's that uses loopscope."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *words],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_program_is_recorded_and_its_output_told_as_it_comes(greets: str) -> None:
    heard: list[tuple[str, bytes]] = []
    trace = record(
        Program(greets, ("you",), clock="virtual"),
        Limits(seconds=20),
        echo=lambda stream, data: heard.append((stream, data)),
    )
    assert (trace.text(), trace.exit, trace.clock) == ("hello you\n", 0, "virtual")
    assert b"".join(data for stream, data in heard if stream == "stdout") == b"hello you\n"
    assert [task.coro for task in trace.tasks if not task.internal] == ["main"]
    with pytest.raises(FileNotFoundError, match="nowhere.py: there is no such program"):
        record(Program("nowhere.py"))


def test_a_program_may_be_given_as_text() -> None:
    source = (
        "import asyncio, sys\nprint(sys.argv, sys.stdin.read())\nasyncio.run(asyncio.sleep(0))\n"
    )
    for path, name in (("-c", "<string>"), ("-", "<stdin>")):
        trace = record(Program(path, ("you",), clock="virtual", source=source))
        assert (trace.text(), trace.file, trace.exit) == (f"[{path!r}, 'you'] \n", name, 0)
        assert [(task.coro, task.line) for task in trace.tasks if not task.internal] == [
            ("sleep", 3)
        ]
        with pytest.raises(FileNotFoundError, match=f"{path}: its text is missing"):
            record(Program(path))
    with pytest.raises(
        ValueError, match='greets.py: a program with a source of its own is called "-c" or "-"'
    ):
        record(Program("greets.py", source=source))


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match='the clock is "real" or "virtual", not \'foo\''):
        Program("x.py", clock="foo")
    for path in ("x.py", Path("x.py")):
        with pytest.raises(TypeError, match=re.escape("record(Program('x.py'))")):
            record(path)
    for seconds in (-1, 0, float("nan")):
        with pytest.raises(ValueError, match=f"seconds must be above 0, not {seconds}"):
            Limits(seconds=seconds)
    with pytest.raises(ValueError, match="output must not be negative, not -1"):
        Limits(output=-1)


def test_paths_may_be_of_any_kind(greets: str, tmp_path: Path) -> None:
    program = Program(Path("greets.py"), [Path("you")], clock="virtual", directory=tmp_path)
    assert program == Program("greets.py", ("you",), clock="virtual", directory=str(tmp_path))
    program = Program(Path(greets), [Path("you")], clock="virtual", directory=tmp_path)
    assert record(program).text() == "hello you\n"


def test_a_text_that_its_interpreter_does_not_read_holds_nobody_up() -> None:
    trace = record(
        Program("-", source=" " * 1_000_000, environment={"PATH": "", "PYTHONHOME": "/nowhere"})
    )
    assert trace.exit == 1
    assert "No module named 'encodings'" in trace.text("stderr")


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import loopscope; print(sorted(set(sys.modules) - before)); print(sorted(loopscope.__all__)); [getattr(loopscope, name) for name in loopscope.__all__]; loopscope.nothing"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (
        done.stdout
        == "['loopscope']\n['Limits', 'Output', 'Program', 'Step', 'Task', 'Trace', 'Wait', '__version__', 'record']\n"
    )
    assert done.stderr.endswith("AttributeError: module 'loopscope' has no attribute 'nothing'\n")


def test_the_hosts_children_signals_and_handlers_are_left_alone(greets: str) -> None:
    process = host(
        """
        import ctypes, signal, subprocess, sys, threading
        from loopscope import Program, record

        signal.signal(signal.SIGTERM, lambda *_: print("its own handler"))
        before = {number: signal.getsignal(number) for number in signal.valid_signals()}
        children, done = [], threading.Event()

        def begin_children():
            while not done.is_set() and len(children) < 50:
                children.append(subprocess.Popen(["sleep", "120"], start_new_session=len(children) % 2 == 0))
                done.wait(0.1)

        thread = threading.Thread(target=begin_children, daemon=True)
        thread.start()
        print(record(Program(sys.argv[1])).text(), end="")
        signal.raise_signal(signal.SIGTERM)
        done.set()
        thread.join()
        assert children and all(child.poll() is None for child in children)
        for child in children:
            child.kill()
            assert child.wait() == -9
        reaper = ctypes.c_int()
        ctypes.CDLL(None).prctl(37, ctypes.byref(reaper), 0, 0, 0)  # PR_GET_CHILD_SUBREAPER
        print(reaper.value, before == {number: signal.getsignal(number) for number in signal.valid_signals()})
        print(open(f"/proc/{__import__('os').getpid()}/task/{__import__('os').getpid()}/children").read() == "")
        """,
        greets,
    )
    out, _ = process.communicate(timeout=PATIENCE)
    assert (out, process.returncode) == ("hello\nits own handler\n0 True\nTrue\n", 0)


def test_threads_may_record_at_once(tmp_path: Path, greets: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        traces = list(
            pool.map(
                lambda number: record(Program(greets, (str(number),), clock="virtual")), range(6)
            )
        )
    assert [trace.text() for trace in traces] == [f"hello {number}\n" for number in range(6)]


def gone(pids: list[int]) -> bool:
    return all(state(pid) in ("", "Z") for pid in pids)


def test_nothing_outlives_a_host_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "leaves.py").write_text(LEAVES)
    code = """
        import os, sys
        from loopscope import Program, record
        record(Program(sys.argv[1]), echo=lambda stream, data: os.write(1, data))
        """
    process = host(code, str(tmp_path / "leaves.py"))
    assert process.stdout is not None
    pids = [*map(int, process.stdout.readline().split()), *children(process.pid)]
    assert len(pids) == 3
    process.kill()
    process.communicate(timeout=PATIENCE)
    wait_until(lambda: gone(pids), f"some of {pids} still run")


def test_nothing_outlives_a_recording_that_is_interrupted(tmp_path: Path) -> None:
    (tmp_path / "leaves.py").write_text(LEAVES)
    code = """
        import os, sys
        from loopscope import Program, record
        try:
            record(Program(sys.argv[1]), echo=lambda stream, data: os.write(1, data))
        except KeyboardInterrupt:
            print("interrupted", flush=True)
            sys.stdin.read()
        """
    process = host(code, str(tmp_path / "leaves.py"))
    assert process.stdout is not None
    pids = [*map(int, process.stdout.readline().split()), *children(process.pid)]
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "interrupted\n"
    assert gone(pids)
    process.communicate(timeout=PATIENCE)


def test_an_error_in_echo_ends_the_recording_and_is_the_callers(tmp_path: Path) -> None:
    (tmp_path / "leaves.py").write_text(LEAVES)
    pids: list[int] = []

    def echo(stream: str, data: bytes) -> None:
        pids.extend(map(int, data.split()))
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        record(Program(str(tmp_path / "leaves.py")), echo=echo)
    assert len(pids) == 2
    assert gone(pids)


def test_a_program_may_read_the_hosts_input(tmp_path: Path) -> None:
    (tmp_path / "reads.py").write_text("print(input())\n")
    process = host(
        "import sys; from loopscope import *; print(record(Program(sys.argv[1], stdin=True)).text())",
        str(tmp_path / "reads.py"),
    )
    assert process.communicate("given\n", timeout=PATIENCE)[0] == "given\n\n"


def test_a_host_whose_path_has_another_loopscope_gets_the_one_that_it_imported(
    tmp_path: Path, greets: str
) -> None:
    (tmp_path / "loopscope.py").write_text("1 / 0\n")
    code = "import sys; from loopscope import *; sys.path.insert(0, ''); import os; os.chdir(sys.argv[2]); print(record(Program(sys.argv[1])).text())"
    done = subprocess.run(
        [sys.executable, "-c", code, greets, str(tmp_path)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.stdout, done.stderr) == ("hello\n\n", "")


# Time


COUNTS = """\
import os
os.sched_setaffinity(0, {core})
print("begun", flush=True)
print(sum(range(12_000_000)))
"""
SPINS = """\
import os
os.sched_setaffinity(0, {core})
print("spins", flush=True)
while True:
    pass
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux's scheduler")
def test_a_busy_machine_ends_no_program_on_the_virtual_clock(tmp_path: Path) -> None:
    """Nine processes share a core, each in a session of its own, lest Linux give the program more
    than the others.
    """
    core = str({min(os.sched_getaffinity(0))})
    (tmp_path / "counts.py").write_text(COUNTS.replace("{core}", core))
    command = [sys.executable, "-I", "-S", "-c", SPINS.replace("{core}", core)]
    began: list[float] = []
    limits = Limits(seconds=0.7)
    with contextlib.ExitStack() as spinning:
        for _ in range(8):
            process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
            spinning.enter_context(process)
            spinning.callback(process.kill)
            assert process.stdout is not None and process.stdout.readline() == b"spins\n"
        trace = record(
            Program(str(tmp_path / "counts.py"), clock="virtual"),
            limits,
            echo=lambda *_: began.append(time.monotonic()),
        )
        assert time.monotonic() - began[0] > 1.5 * limits.seconds
    assert (trace.text(), trace.stopped, trace.exit) == ("begun\n71999994000000\n", None, 0)


@pytest.mark.parametrize(
    ("code", "clock", "said"),
    [
        ("while True: pass", "virtual", " of CPU, at line 2"),
        ("while True: pass", "real", ", at line 2"),
        (
            "import ctypes; ctypes.CDLL(None).pause()",
            "virtual",
            " in which it did nothing, at line 2",
        ),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
            "virtual",
            " in which it did nothing",
        ),
        ("import time; time.sleep(300)", "real", ", at line 2"),
    ],
)
def test_the_message_says_which_time_ran_out(
    tmp_path: Path, code: str, clock: str, said: str
) -> None:
    (tmp_path / "program.py").write_text(f"print('begun')\n{code}\n")
    program = Program(str(tmp_path / "program.py"), clock=clock)
    for seconds in (0.5, 2, 8, 32):  # on a busy machine it may not have come far in the first
        trace = record(program, Limits(seconds=seconds))
        if trace.text() == "begun\n" and not (trace.stopped or "").endswith("at line 1"):
            break
    assert (trace.stopped, trace.exit) == (
        f"it ran out of time: stopped after {seconds:g} s{said}",
        124,
    )
