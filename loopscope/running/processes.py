"""Processes as the operating system sees them: who descends from whom, how much they hold, and
ending them.

Everything here works on Linux; elsewhere on Unix the parts that need Linux do as much as can be
done without.
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
_TO_DEFAULT = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
)
_GRACE = 0.1  # seconds that a program's helpers get to end by themselves
_DEAD = ("", "Z", "X")
_TICKS = os.sysconf("SC_CLK_TCK")
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def become_reaper() -> set[int]:
    """Let orphans of this process's descendants fall to it; return the children it has already."""
    # inherited: the system would reap them, and nobody learn how they ended
    if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if _libc is not None:
        _libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return set(children(os.getpid()))


def prepare(limits: Limits, own_group: bool = True) -> None:
    """Called in the new process before the program: its limits, and death when its supervisor dies.

    With `own_group` it gets a process group of its own, and begins with the signals as a new
    session has them.
    """
    if own_group:
        os.setpgid(0, 0)
        for number in _TO_DEFAULT:
            signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if limits.file < UNLIMITED:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file, limits.file))
    if limits.threads < UNLIMITED:
        # the server is the same user's
        resource.setrlimit(resource.RLIMIT_NPROC, (limits.threads + 1, limits.threads + 1))
    if _libc is not None:
        _libc.prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    elif limits.memory < UNLIMITED:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


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
    """All that descend from this process, but for `others`, its children that were there before,
    and theirs.
    """
    return [
        pid
        for child in set(children(os.getpid())) - others
        for pid in (child, *_descendants(child))
    ]


def _descendants(pid: int) -> Iterator[int]:
    for child in children(pid):
        yield child
        yield from _descendants(child)


def memory(pids: list[int], enough: int) -> int:
    """Bytes that some processes hold. Beyond `enough`, what they share is counted once, which takes
    longer to find out.
    """
    resident = sum(map(_resident, pids))
    return resident if resident <= enough else sum(map(_proportional, pids))


def _proportional(pid: int) -> int:
    try:
        return _sizes(f"/proc/{pid}/smaps_rollup", ("Pss:", "SwapPss:")) + _sizes(
            f"/proc/{pid}/status", ("VmPTE:",)
        )
    except OSError:
        return _resident(pid)


def _resident(pid: int) -> int:
    """With what was moved to the disk, and the tables of pages: a program can fill memory with
    tables of pages that are all the same.
    """
    try:
        return _sizes(f"/proc/{pid}/status", ("VmRSS:", "VmSwap:", "VmPTE:"))
    except OSError:
        return 0


def _sizes(path: str, names: tuple[str, ...]) -> int:
    """The sum, in bytes, of some of the lines `Name: 12 kB` of a file."""
    with open(path) as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith(names))


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat, from the process's state on. Empty where there is no such
    process.
    """
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def state(pid: int) -> str:
    """A process's state as /proc tells it: R, S, D, T, Z and the like. Empty where there is no such
    process, or no /proc.
    """
    return (_stat(pid) or [""])[0]


def is_ending(pid: int) -> bool:
    """Whether a process has let go of all its files, as one does that is about to be gone."""
    try:
        return not os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return False


def usage(pids: Iterable[int]) -> tuple[float, bool] | None:
    """What processes, and the children that they waited for, have used: seconds of CPU, and whether
    one of them runs now.

    A process that could run, but waits for a core, counts as running. None where the system does
    not tell.
    """
    known = [fields for fields in map(_stat, pids) if fields]
    if not known:
        return None
    return sum(sum(map(int, fields[11:15])) for fields in known) / _TICKS, any(
        fields[0] == "R" for fields in known
    )


def end_all(pid: int, others: set[int], reaped: bool, own_group: bool = True) -> int:
    """End the program (`reaped`: it has ended), its group if that is its own, and whatever else of
    it is left.

    What has left the program's group, or shares ours, is found on Linux only. Gives how many
    processes it had left.
    """
    # One that is about to end, but waits for a core, gets longer.
    patience = time.monotonic() + (_GRACE if reaped else 0)
    while True:  # helpers of multiprocessing end by themselves once the program has
        left = [child for child in family(others) if child != pid and state(child) not in _DEAD]
        late = time.monotonic() - patience
        if (
            not left
            or late > 20 * _GRACE
            or (late > 0 and not any(state(child) == "R" for child in left))
        ):
            break
        time.sleep(0.005)
    if own_group:
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
