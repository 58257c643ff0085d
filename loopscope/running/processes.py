"""Processes as the operating system sees them: their descendants, their use of memory and CPU.

Everything here works on Linux; on other Unix systems, what needs Linux does as much as it can.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator

from ..limits import UNLIMITED, Limits

_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_RESET_SIGNALS = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
)
_GRACE_SECONDS = 0.1  # for a program's helper processes to end by themselves
_ENDED_STATES = ("", "Z", "X")
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def become_reaper() -> set[int]:
    """Have this process adopt the orphans among its descendants.

    Returns:
        The process ids of the children that it has already.
    """
    # If that was inherited, the system would reap the children, and nobody learn how they ended.
    if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if _libc is not None:
        _libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return set(children(os.getpid()))


def set_up_program(limits: Limits, own_group: bool = True) -> None:
    """Set limits in a new process before the program runs, and have it die with its supervisor.

    Args:
        limits: What the program may use.
        own_group: Whether it gets its own process group, and signals as a new session has them.
    """
    if own_group:
        os.setpgid(0, 0)
        for number in _RESET_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if limits.file < UNLIMITED:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file, limits.file))
    if limits.threads < UNLIMITED:
        # one more for the fork server, which has the same user
        resource.setrlimit(resource.RLIMIT_NPROC, (limits.threads + 1, limits.threads + 1))
    if _libc is not None:
        _libc.prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    elif limits.memory < UNLIMITED:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


def pidfd(pid: int) -> int | None:
    """Return a descriptor that becomes readable when a process ends, if the system has such."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def children(pid: int) -> list[int]:
    """Return the direct children of a process, by its threads' own lists; none without /proc."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{thread}/children") as file:
                found += map(int, file.read().split())
    return found


def descendants(unrelated: set[int]) -> list[int]:
    """Return all descendants of this process, except `unrelated` children and their descendants."""
    return [
        pid
        for child in set(children(os.getpid())) - unrelated
        for pid in (child, *_descendants(child))
    ]


def _descendants(pid: int) -> Iterator[int]:
    for child in children(pid):
        yield child
        yield from _descendants(child)


def memory_used(pids: list[int], limit: int) -> int:
    """Return the memory that processes use, in bytes.

    Args:
        pids: The processes.
        limit: Bytes beyond which memory that they share is counted only once, which takes longer.
    """
    resident = sum(map(_resident_memory, pids))
    return resident if resident <= limit else sum(map(_proportional_memory, pids))


def _proportional_memory(pid: int) -> int:
    """Return a process's memory in bytes, with its share of the pages that others share."""
    try:
        return _sum_of_sizes(f"/proc/{pid}/smaps_rollup", ("Pss:", "SwapPss:")) + _sum_of_sizes(
            f"/proc/{pid}/status", ("VmPTE:",)
        )
    except OSError:
        return _resident_memory(pid)


def _resident_memory(pid: int) -> int:
    """Return a process's memory in bytes, including what is swapped out, and its page tables.

    A program can fill memory with page tables that all lead to the same page.
    """
    try:
        return _sum_of_sizes(f"/proc/{pid}/status", ("VmRSS:", "VmSwap:", "VmPTE:"))
    except OSError:
        return 0


def _sum_of_sizes(path: str, names: tuple[str, ...]) -> int:
    """Return the sum, in bytes, of the lines `Name: 12 kB` with one of these names."""
    with open(path) as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith(names))


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on; empty if there is no such process."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def state(pid: int) -> str:
    """Return a process's state as /proc reports it: R, S, D, T, Z, …

    It is empty if there is no such process, or no /proc.
    """
    return (_stat(pid) or [""])[0]


def is_ending(pid: int) -> bool:
    """Return whether a process has closed all its files, as it does when it is about to be gone."""
    try:
        return not os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return False


def cpu_usage(pids: Iterable[int]) -> tuple[float, bool] | None:
    """Return the CPU time of processes and of the children that they waited for.

    Returns:
        Seconds of CPU, and whether one of the processes runs now; one that could run, but waits
        for a core, counts as running. None if the system does not report it.
    """
    known = [fields for fields in map(_stat, pids) if fields]
    if not known:
        return None
    return sum(sum(map(int, fields[11:15])) for fields in known) / _TICKS_PER_SECOND, any(
        fields[0] == "R" for fields in known
    )


def kill_all(pid: int, unrelated: set[int], has_ended: bool, own_group: bool = True) -> int:
    """Kill the program, its group if it has its own, and whatever else of it is left.

    Processes that have left the program's group, or share ours, are found on Linux only.

    Args:
        pid: The program's process.
        unrelated: Children of this process that have nothing to do with the program.
        has_ended: Whether the program's process has ended and has been waited for.
        own_group: Whether the program has its own process group.

    Returns:
        How many other processes the program had left running.

    Raises:
        RuntimeError: A process could not be killed.
    """
    # A process that is about to end, but waits for a core, gets longer.
    grace_ends_at = time.monotonic() + (_GRACE_SECONDS if has_ended else 0)
    while True:  # helpers of multiprocessing end by themselves once the program has
        remaining = [
            child
            for child in descendants(unrelated)
            if child != pid and state(child) not in _ENDED_STATES
        ]
        overdue = time.monotonic() - grace_ends_at
        if (
            not remaining
            or overdue > 20 * _GRACE_SECONDS
            or (overdue > 0 and not any(state(child) == "R" for child in remaining))
        ):
            break
        time.sleep(0.005)
    if own_group:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    if not has_ended:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    deadline = time.monotonic() + 5
    while orphans := set(children(os.getpid())) - unrelated:
        for orphan in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(orphan, 0)
        if time.monotonic() > deadline:
            raise RuntimeError(f"processes {sorted(orphans)} cannot be ended")
    return len(remaining)
