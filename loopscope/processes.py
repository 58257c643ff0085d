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
import threading
import time
from collections.abc import Iterator

from .limits import UNLIMITED, Limits

_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_GRACE = 0.1  # seconds that a program's helpers get to end by themselves
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def become_reaper() -> set[int]:
    """Let orphans of this process's descendants fall to it. Gives the children that it has already."""
    if _libc is not None:
        _libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return set(children(os.getpid()))


def prepare(limits: Limits, terminal: bool = False) -> None:
    """Called in the new process before the program: a group of its own, limits, and death when its supervisor dies.

    With `terminal`, that group is the one that the terminal on descriptor 0 talks to.
    """
    os.setpgid(0, 0)
    if terminal:
        _give_terminal(os.getpid())
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if limits.file < UNLIMITED:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file, limits.file))
    if _libc is not None:
        _libc.prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    elif limits.memory < UNLIMITED:
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
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{thread}/children") as file:
                found += map(int, file.read().split())
    return found


def family(others: set[int]) -> list[int]:
    """All that descend from this process, but for `others`, its children that were there before, and theirs."""
    return [pid for child in set(children(os.getpid())) - others for pid in (child, *_descendants(child))]


def _descendants(pid: int) -> Iterator[int]:
    for child in children(pid):
        yield child
        yield from _descendants(child)


def memory(pids: list[int], enough: int) -> int:
    """Bytes that some processes hold. Beyond `enough`, what they share is counted once, which takes longer to find out."""
    resident = sum(map(_resident, pids))
    return resident if resident <= enough else sum(map(_proportional, pids))


def _proportional(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return _resident(pid)


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


def _runs(pid: int) -> bool:
    """Whether a process is more than a dead one's entry in the table."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def end_all(pid: int, others: set[int], reaped: bool) -> int:
    """End the program (`reaped`: it has ended), its group, and whatever else of it is left. Gives how many processes it had left."""
    patience = time.monotonic() + (_GRACE if reaped else 0)
    while True:  # helpers of multiprocessing end by themselves once the program has
        left = [child for child in family(others) if child != pid and _runs(child)]
        if not left or time.monotonic() > patience:
            break
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if not reaped:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    deadline = time.monotonic() + 5
    while orphans := set(children(os.getpid())) - others:
        for orphan in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(orphan, 0)
        if time.monotonic() > deadline:
            raise RuntimeError(f"processes {sorted(orphans)} cannot be ended")
    return len(left)


def has_terminal() -> bool:
    """Whether descriptor 0 is a terminal, and this process's group the one that it talks to."""
    try:
        return os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def _give_terminal(group: int) -> None:
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # what a process gets that takes the terminal from the background
    with contextlib.suppress(OSError):
        os.tcsetpgrp(0, group)
    signal.signal(signal.SIGTTOU, before)


@contextlib.contextmanager
def foreground(wanted: bool) -> Iterator[None]:
    """The program has the terminal (`wanted`); afterwards it is ours again."""
    try:
        yield
    finally:
        if wanted:
            _give_terminal(os.getpgrp())


def stop_as_well(pid: int) -> None:
    """The program was stopped from the terminal (Ctrl-Z): so are we, until we are continued."""
    _give_terminal(os.getpgrp())
    os.kill(0, signal.SIGTSTP)
    if has_terminal():
        _give_terminal(pid)
    os.killpg(pid, signal.SIGCONT)


@contextlib.contextmanager
def passing_on(pid: int, wanted: bool) -> Iterator[None]:
    """Signals that would end us go to the program instead (`wanted`), whose end we then follow."""
    if not wanted or threading.current_thread() is not threading.main_thread():
        yield
        return

    def pass_on(number: int, _: object) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
