"""Processes as the operating system sees them: who descends from whom, how much they hold, and ending them.

Everything here works on Linux; elsewhere on Unix the parts that need Linux do as much as can be done without.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator

from .limits import Limits

_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def become_reaper() -> set[int]:
    """Let orphans of this process's descendants fall to it. Gives the children that it has already."""
    if _libc is not None:
        _libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return set(children(os.getpid()))


def prepare(limits: Limits) -> None:
    """Called in the new process before the program: a group of its own, limits, and death when its supervisor dies."""
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file, limits.file))
    if _libc is not None:
        _libc.prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    else:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def pidfd(pid: int) -> int | None:
    """A descriptor that becomes readable when the process ends, where the system has such."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def children(pid: int) -> list[int]:
    """Direct children of a process, by its threads' own lists. Empty where there is no /proc."""
    found = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{thread}/children") as file:
                found += map(int, file.read().split())
    return found


def memory(pid: int) -> int:
    """Bytes resident of a process and all that descend from it."""
    total = 0
    with contextlib.suppress(OSError), open(f"/proc/{pid}/statm") as file:
        total = int(file.read().split()[1]) * resource.getpagesize()
    return total + sum(memory(child) for child in children(pid))


def end_all(pid: int, others: set[int], reaped: bool) -> int:
    """End the program, its group, and whatever else of it is left. Gives how many processes outlived the program itself."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if not reaped:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    left = 0
    deadline = time.monotonic() + 5
    while orphans := set(children(os.getpid())) - others:
        for orphan in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(orphan, 0)
                left += 1
        if time.monotonic() > deadline:
            raise RuntimeError(f"processes {sorted(orphans)} cannot be ended")
    return left


@contextlib.contextmanager
def foreground(pid: int, wanted: bool) -> Iterator[None]:
    """While the program may read our terminal, its group is the one that the terminal talks to."""
    if not (wanted and sys.stdin is not None and sys.stdin.isatty()):
        yield
        return
    ours = os.tcgetpgrp(0)
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.tcsetpgrp(0, pid)
        yield
    finally:
        os.tcsetpgrp(0, ours)
        signal.signal(signal.SIGTTOU, before)
