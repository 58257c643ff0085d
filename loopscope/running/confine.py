"""Gives up, from inside, what a process that runs strangers' programs must not have.

That is its user, its privileges, dangerous system calls, and being open to inspection. The
sandbox that is put around the process from outside is in `sandbox`.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import select
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator, Sequence

_SET_DUMPABLE, _SET_NO_NEW_PRIVS = 4, 38  # linux/prctl.h
_CAPABILITIES = 0x20080522  # the version of capset's structures, linux/capability.h
# in one sandbox, all processes together: more than a program needs, few enough to end a fork bomb
# quickly
_MAX_THREADS = 1536
_MAX_FILES = 100_000  # in one folder: that many can be removed within a second
# in one sandbox: each may hold 200 kB, which count as no process's memory
_MAX_SOCKETS = 5_000
# of programs that have ended, each holding a port for a minute: that many leave enough free
_MAX_CLOSED_SOCKETS = 1_000
_WATCH_INTERVAL = 0.1  # seconds
# bytes of address space for the server itself, to which a program can send events without end
_SERVER_MEMORY = 2 << 30
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def set_dumpable(on: bool) -> None:
    """Set whether other processes of the same user may inspect this one.

    Args:
        on: Whether they may read its memory, environment and descriptors, and trace it.
    """
    if _libc is not None:
        _libc.prctl(_SET_DUMPABLE, int(on), 0, 0, 0)


def drop_user(user: int) -> None:
    """Become `user` for good.

    For root only, inside a sandbox that has left it the right to change its user.

    Args:
        user: The user id, which is also used as the group id.

    Raises:
        OSError: The system did not allow it.
    """
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # The other capabilities went with the user; inheritable ones wait for a file that grants them.
    if _libc is not None and hasattr(_libc, "capset"):
        _libc.capset(struct.pack("II", _CAPABILITIES, 0), bytes(24))
    if os.getresuid() != (user,) * 3 or os.getresgid() != (user,) * 3 or os.getgroups():
        raise OSError(f"the user could not be changed to {user}")


def set_up_server(user: int | None, sandboxed: bool) -> None:
    """Turn this process into one that may start strangers' programs.

    It and all that it starts gain no privileges and can make none of the calls that `seccomp`
    refuses. Nobody can inspect it any more; the programs that it starts can be (see
    `set_up_program`).

    Args:
        user: The user to become; None keeps the current one.
        sandboxed: Whether this is the first process of a sandbox.

    Raises:
        OSError: It could not become `user`.
    """
    if sandboxed:
        resource.setrlimit(resource.RLIMIT_NPROC, (_MAX_THREADS, _MAX_THREADS))
        # A program may send it; a Ctrl-C from the terminal does not reach this process.
        signal.signal(signal.SIGINT, lambda *_: None)
    if user is not None:
        drop_user(user)
    if _libc is not None:
        _libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    from . import seccomp  # only here, so that no process that does without it loads it

    seccomp.install()
    set_dumpable(False)
    # The machine's handler of core dumps runs outside of all sandboxes.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory()


def when_input_closes(handler: Callable[[], object] | None) -> None:
    """Call a handler as soon as nobody holds the other end of descriptor 0, a pipe, any more.

    The signal that the kernel sends when a parent dies would not do: it would end this process
    before it has cleaned up. Nor does it reach a process that has changed its user, because the
    dying parent is not allowed to send it.

    Args:
        handler: Called from a signal handler, whatever this process is doing; None removes it.
    """
    if not hasattr(os, "O_ASYNC"):
        return
    if handler is None:
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        return
    poll = select.poll()
    poll.register(0, 0)

    def check(*_: object) -> None:
        if any(event & select.POLLHUP for _, event in poll.poll(0)):
            handler()

    signal.signal(signal.SIGIO, check)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    check()  # it may have been closed already


def _limit_memory(limit: int = _SERVER_MEMORY) -> None:
    """Limit the address space of this process, in bytes; programs can raise it again."""
    hard_limit = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(
        resource.RLIMIT_AS,
        (limit if hard_limit == resource.RLIM_INFINITY else min(limit, hard_limit), hard_limit),
    )


def set_up_program() -> None:
    """Turn this process, forked from such a server, into one that may run a program."""
    for name in ("SIGIO", "SIGALRM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    hard_limit = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard_limit, hard_limit))
    set_dumpable(True)


@contextlib.contextmanager
def program_limits() -> Iterator[None]:
    """Start processes with a program's limits while the context lasts, not with the server's."""
    soft_limit, hard_limit = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard_limit, hard_limit))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft_limit, hard_limit))


def watch_for_bombs(processes: int, folders: Sequence[str], found: Callable[[str], object]) -> None:
    """Check at intervals whether a program fills the sandbox, and kill all its processes if so.

    A program that forks without end takes nearly all the time of all cores, and whatever looks at
    each of its processes cannot keep up. Empty files take up no space in a folder, but memory.

    Args:
        processes: How many processes there may be.
        folders: The folders that the program may write into.
        found: Called from a signal handler with a sentence about what there was too much of.
    """

    def check(*_: object) -> None:
        if sum(name.isdigit() for name in os.listdir("/proc")) > processes + 1:
            found(f"it had more than {processes:,} processes running")
        elif any(_count_files(folder) > _MAX_FILES for folder in folders):
            found(f"it made more than {_MAX_FILES:,} files")
        elif _count_sockets("used") > _MAX_SOCKETS:
            found(f"it had more than {_MAX_SOCKETS:,} sockets")
        else:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)

    signal.signal(signal.SIGALRM, check)
    signal.setitimer(signal.ITIMER_REAL, _WATCH_INTERVAL, _WATCH_INTERVAL)


def _count_files(folder: str) -> int:
    """Return how many files there are on the file system of a folder."""
    status = os.statvfs(folder)
    return status.f_files - status.f_ffree


def _count_sockets(which: str) -> int:
    """Return how many sockets there are in this sandbox; 0 if the system does not report it.

    Args:
        which: "used" for open sockets, "tw" for TCP sockets that were closed a short time ago.
    """
    with contextlib.suppress(FileNotFoundError), open("/proc/net/sockstat") as file:
        fields = file.read().split()
        return int(fields[fields.index(which) + 1])
    return 0


def ports_are_free(seconds: float = 0.05) -> bool:
    """Return whether the next program can have any port that it may ask for.

    A closed connection keeps its port for a minute. That disturbs nobody if the system chose the
    port, as it does for nearly all programs: it will choose another one.

    Args:
        seconds: How long to wait for sockets that are just being closed.
    """
    deadline = time.monotonic() + seconds
    while _count_sockets("used"):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    closed = _count_sockets("tw")
    if not 0 < closed <= _MAX_CLOSED_SOCKETS:
        return closed == 0
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        first, last = map(int, file.read().split())
    for path in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(FileNotFoundError), open(path) as file:
            ports = [int(line.split()[1].rpartition(":")[2], 16) for line in file.readlines()[1:]]
            if not all(first <= port <= last for port in ports):
                return False
    return True


def stop_watching_for_bombs() -> None:
    """Undo `watch_for_bombs`."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)


def kill_everything_else() -> None:
    """Kill all other processes of the sandbox at one stroke, so that none can fork itself away.

    Raises:
        RuntimeError: This is not the first process of a sandbox.
    """
    if os.getpid() != 1:
        raise RuntimeError("this process is not the first of a sandbox")
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
