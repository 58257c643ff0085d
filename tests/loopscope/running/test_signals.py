"""Signals reach the program that is recorded as they reach it without us: from a terminal, from a
shell, from `kill`.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import (
    ENVIRONMENT,
    PATIENCE,
    PLAIN,
    RECORDED,
    Terminal,
    children,
    sleeps,
    started,
    state,
    wait_until,
    write_programs,
)

WAYS = pytest.mark.parametrize("way", [PLAIN, RECORDED], ids=["plain", "recorded"])
"""Each test is one of Python itself, too: what happens without us is what has to happen."""

PROGRAMS = {
    # Says which signals come in, until it gets a line.
    "listens": """
        import os, select, signal, sys

        def came(number, _):
            os.write(1, f"got {signal.Signals(number).name}\\n".encode())  # in one piece

        # Python misses a signal that comes just before it waits, unless the signal itself ends the wait.
        woken, wake = os.pipe()
        for end in (woken, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake)
        for name in sys.argv[1:]:
            signal.signal(getattr(signal, name), came)
        print("ready", flush=True)
        while 0 not in select.select([0, woken], [], [])[0]:
            os.read(woken, 1024)
        print("end")
        """,
    "dispositions": """
        import signal

        print("ready", flush=True)
        for number in sorted(signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}):
            handler = signal.getsignal(number)
            print(int(number), getattr(handler, "name", getattr(handler, "__name__", handler)))
        print(sorted(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, []))))
        """,
    "waits_for_its_child": """
        import signal, subprocess, sys, time

        child = subprocess.Popen([sys.executable, "-c", "input(); print('the child ends', flush=True)"], stdin=subprocess.PIPE)

        def terminate(*_):
            child.stdin.write(b"\\n")
            child.stdin.close()
            print("its child ended with", child.wait(), flush=True)
            sys.exit(3)

        signal.signal(signal.SIGTERM, terminate)
        print("ready", flush=True)
        while True:
            time.sleep(0.01)
        """,
    "careful": """
        import asyncio, sys

        async def main():
            print("ready", flush=True)
            try:
                await asyncio.sleep(600)
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
        while True:
            time.sleep(0.1)  # Python misses a signal that comes just before it sleeps, and hears of it after
        """,
    "neighbour": """
        import signal, sys

        def came(*_):
            sys.exit("neighbour interrupted")

        signal.signal(signal.SIGINT, came)
        for line in sys.stdin:
            print(line, end="", flush=True)
        """,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signals")
    write_programs(folder, PROGRAMS)
    return folder


def program_of(process: subprocess.Popen) -> int:
    """The process that runs the program: the one started last, of the command's children, or the
    command itself.
    """
    return (
        max(children(process.pid), default=process.pid)
        if b"loopscope" in Path(f"/proc/{process.pid}/cmdline").read_bytes()
        else process.pid
    )


# To the command alone

PASSED_ON = [
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGTERM",
    "SIGUSR1",
    "SIGUSR2",
    "SIGALRM",
    "SIGWINCH",
    "SIGCONT",
    "SIGURG",
    "SIGTSTP",
]


@WAYS
def test_signals_that_the_program_handles_are_passed_on_to_it(
    folder: Path, way: tuple[str, ...]
) -> None:
    process = started(folder, *way, "listens.py", *PASSED_ON)
    assert process.stdout is not None
    for name in PASSED_ON:
        process.send_signal(getattr(signal, name))
        assert process.stdout.readline() == f"got {name}\n"
    out, _ = process.communicate("\n", timeout=PATIENCE)
    assert (process.returncode, out) == (0, "end\n")


@WAYS
@pytest.mark.parametrize(
    ("name", "number", "status", "output"),
    [
        ("careful", signal.SIGINT, 42, "tidied up\n"),
        ("careless", signal.SIGINT, -signal.SIGINT, ""),
        ("careless", signal.SIGTERM, -signal.SIGTERM, ""),
        ("careless", signal.SIGHUP, -signal.SIGHUP, ""),
        ("careless", signal.SIGQUIT, -signal.SIGQUIT, ""),
        ("careless", signal.SIGUSR1, -signal.SIGUSR1, ""),
    ],
)
def test_the_command_ends_as_the_program_does(
    folder: Path, way: tuple[str, ...], name: str, number: signal.Signals, status: int, output: str
) -> None:
    process = started(folder, *way, f"{name}.py")
    program = program_of(process)
    wait_until(lambda: sleeps(program), "the program did not begin to wait")
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (status, output)
    if way is RECORDED:
        assert "loopscope" not in err.replace(str(folder), "")
        assert f"{name}.py: exit {number.name if status < 0 else status}" in err


@WAYS
def test_children_of_the_program_do_not_get_what_was_sent_to_it_alone(
    folder: Path, way: tuple[str, ...]
) -> None:
    process = started(folder, *way, "waits_for_its_child.py")
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (3, "the child ends\nits child ended with 0\n")


@WAYS
def test_a_stop_and_a_continue_sent_to_the_command_reach_the_program(
    folder: Path, way: tuple[str, ...]
) -> None:
    process = started(folder, *way, "listens.py")
    program = program_of(process)
    process.send_signal(signal.SIGTSTP)
    wait_until(lambda: state(process.pid) == state(program) == "T", "the two were not stopped")
    process.send_signal(signal.SIGCONT)
    wait_until(lambda: state(process.pid) != "T" != state(program), "the two were not continued")
    out, _ = process.communicate("\n", timeout=PATIENCE)
    assert (process.returncode, out) == (0, "end\n")


# To the group


@WAYS
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGUSR1", "SIGHUP"])
def test_what_the_whole_group_gets_the_program_gets_once(
    folder: Path, way: tuple[str, ...], name: str
) -> None:
    process = started(folder, *way, "listens.py", name, "SIGUSR2")
    assert process.stdout is not None
    for _ in range(3):
        os.killpg(process.pid, getattr(signal, name))
        assert process.stdout.readline() == f"got {name}\n"
        process.send_signal(signal.SIGUSR2)  # passed on after whatever had been passed on before
        assert process.stdout.readline() == "got SIGUSR2\n"
    assert process.communicate("\n", timeout=PATIENCE)[0] == "end\n"


@WAYS
def test_ctrl_c_comes_once(folder: Path, way: tuple[str, ...]) -> None:
    terminal = Terminal(folder, *way, "listens.py", "SIGINT", "SIGQUIT", "SIGUSR2")
    terminal.until("ready")
    for turn, (key, name) in enumerate(
        (("\x03", "SIGINT"), ("\x1c", "SIGQUIT"), ("\x03", "SIGINT")), 1
    ):
        times = terminal.seen.count(f"got {name}") + 1
        terminal.type(key)
        terminal.until(f"got {name}", times)
        # passed on after whatever had been passed on before
        terminal.process.send_signal(signal.SIGUSR2)
        terminal.until("got SIGUSR2", turn)
    terminal.type("\n")
    assert terminal.end() == 0
    assert re.findall(r"got (\w+)", terminal.seen) == [
        "SIGINT",
        "SIGUSR2",
        "SIGQUIT",
        "SIGUSR2",
        "SIGINT",
        "SIGUSR2",
    ]


@WAYS
def test_ctrl_c_on_a_terminal_lets_the_program_tidy_up(folder: Path, way: tuple[str, ...]) -> None:
    terminal = Terminal(folder, *way, "careful.py")
    terminal.until("ready")
    terminal.type("\x03")
    assert terminal.end() == 42
    assert "tidied up\r\n" in terminal.seen


@WAYS
def test_ctrl_c_reaches_the_neighbours_in_a_pipeline_too(
    folder: Path, way: tuple[str, ...]
) -> None:
    line = '"$@" | ' + f"{sys.executable} neighbour.py"
    terminal = Terminal(folder, "bash", "-c", line, "bash", *way, "careless.py")
    terminal.until("ready")
    terminal.type("\x03")
    terminal.end()
    assert "neighbour interrupted" in terminal.seen
    assert "KeyboardInterrupt" in terminal.seen


@WAYS
def test_ctrl_c_ends_the_script_in_which_the_program_runs(
    folder: Path, way: tuple[str, ...]
) -> None:
    terminal = Terminal(
        folder,
        "bash",
        "-c",
        'for turn in 1 2; do "$@"; echo went on; done',
        "bash",
        *way,
        "careless.py",
    )
    terminal.until("ready")
    terminal.type("\x03")
    assert terminal.end() == -signal.SIGINT
    assert "went on" not in terminal.seen


# Ignored signals


def dispositions(folder: Path, *words: str, ignored: tuple[signal.Signals, ...] = ()) -> str:
    def ignore() -> None:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)

    done = subprocess.run(
        words,
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        preexec_fn=ignore,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_program_begins_with_the_signals_that_it_begins_with_without_us(folder: Path) -> None:
    ignored = (
        signal.SIGHUP,
        signal.SIGINT,
        signal.SIGTERM,
        signal.SIGQUIT,
        signal.SIGUSR1,
        signal.SIGALRM,
        signal.SIGTSTP,
        signal.SIGCHLD,
    )
    plain = dispositions(folder, *PLAIN, "dispositions.py", ignored=ignored)
    assert plain.count("SIG_IGN") >= len(ignored)
    assert dispositions(folder, *RECORDED, "dispositions.py", ignored=ignored) == plain
    assert (
        dispositions(folder, *RECORDED, "dispositions.py")
        == dispositions(folder, *PLAIN, "dispositions.py")
        != plain
    )


def test_in_a_background_job_of_a_script_ctrl_c_is_ignored(folder: Path) -> None:
    line = ("sh", "-c", '"$@" & wait $!', "sh")
    plain = dispositions(folder, *line, *PLAIN, "dispositions.py")
    assert f"{int(signal.SIGINT)} SIG_IGN" in plain
    assert dispositions(folder, *line, *RECORDED, "dispositions.py") == plain


@WAYS
def test_under_nohup_the_program_outlives_a_hangup(folder: Path, way: tuple[str, ...]) -> None:
    process = started(folder, "nohup", *way, "listens.py", "SIGUSR2")
    assert process.stdout is not None
    process.send_signal(signal.SIGHUP)
    os.killpg(process.pid, signal.SIGHUP)
    process.send_signal(signal.SIGUSR2)
    assert process.stdout.readline() == "got SIGUSR2\n"
    assert process.communicate("\n", timeout=PATIENCE)[0] == "end\n"
    assert process.returncode == 0
