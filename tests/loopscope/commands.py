"""Ways to run the command for the tests of this folder, in a terminal too, and the same program
without it.
"""

from __future__ import annotations

import errno
import os
import pty
import select
import subprocess
import sys
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
PLAIN = (sys.executable, "-u")
RECORDED = (sys.executable, "-m", "loopscope")
PATIENCE = 60.0  # seconds until a test gives up on what it waits for

_TAKE_TERMINAL = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"


def write_programs(folder: Path, programs: dict[str, str]) -> None:
    """Write programs, by name, into a folder."""
    for name, text in programs.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text).lstrip("\n"))


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    """A command whose program has printed `ready`; it leads a process group."""
    process = subprocess.Popen(
        words,
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,  # not a session of its own, in which nothing could stop it
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line == "ready\n", (line, process.communicate(timeout=PATIENCE))
    return process


def wait_until(condition: object, what: str) -> None:
    """Wait for a condition (a function); fails, naming it, after a good while."""
    deadline = time.monotonic() + PATIENCE
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def state(pid: int) -> str:
    """A process's state, as /proc tells it: S, R, T and so on; empty where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def sleeps(pid: int) -> bool:
    """Whether a process has begun to wait: a signal that comes now finds it there."""
    return state(pid) == "S"


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._descriptor, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, *words],
            cwd=folder,
            env=ENVIRONMENT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.seen = ""

    def until(self, text: str, times: int = 1) -> None:
        """Read until `text` has been seen so many times in all; fails after a while."""
        deadline = time.monotonic() + PATIENCE
        while self.seen.count(text) < times:
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
        """Read all that comes, and give the exit status."""
        deadline = time.monotonic() + PATIENCE
        while self._read(0.1):
            assert time.monotonic() < deadline, self.seen
        os.close(self._descriptor)
        return self.process.wait(PATIENCE)
