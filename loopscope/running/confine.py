"""What a process that runs strangers' programs gives up, from inside: user, privileges, system
calls, and being looked into.

In:  nothing but numbers. Out: this process, with less. `sandbox` is what is put around it from
     outside.
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
# of one sandbox, all processes together: more than any program wants, few enough that a fork bomb
# is soon ended
_THREADS = 1536
_FILES = 100_000  # that a program may leave in one folder: so many are removed within a second
_SOCKETS = 5_000  # of one sandbox: each may hold 200 kB that are nobody's memory
# sockets of ended programs that keep a port for a minute: so many leave enough for the next
_CLOSED = 1_000
_EVERY = 0.1  # seconds between two looks for bombs
_MEMORY = 2 << 30  # bytes that the server itself may map: a program can send it events without end
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def set_dumpable(on: bool) -> None:
    """Whether other processes of the same user may look into this one (memory, environment,
    descriptors) and trace it.
    """
    if _libc is not None:
        _libc.prctl(_SET_DUMPABLE, int(on), 0, 0, 0)


def drop_user(user: int) -> None:
    """Be `user`, and nobody else, for good. For root, inside a sandbox that left it the right to do
    so.

    Raises:
        OSError: the system did not allow it.
    """
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # the others went with the user; these wait for a file that gives them
    if _libc is not None and hasattr(_libc, "capset"):
        _libc.capset(struct.pack("II", _CAPABILITIES, 0), bytes(24))
    if os.getresuid() != (user,) * 3 or os.getresgid() != (user,) * 3 or os.getgroups():
        raise OSError(f"the user could not be changed to {user}")


def serve(user: int | None, sandboxed: bool) -> None:
    """Make this process one that may start strangers' programs.

    It and all that it starts gain no privileges and make none of the calls of `seccomp`. It cannot
    be looked into any more; the programs that it starts can be (`run`).

    Args:
        user: the user to become; None keeps this one.
        sandboxed: whether it is the first process of a sandbox of its own.

    Raises:
        OSError: it could not become `user`.
    """
    if sandboxed:
        resource.setrlimit(resource.RLIMIT_NPROC, (_THREADS, _THREADS))
        # a program may send it; a Ctrl-C from the terminal does not get here
        signal.signal(signal.SIGINT, lambda *_: None)
    if user is not None:
        drop_user(user)
    if _libc is not None:
        _libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    from . import seccomp  # no program needs it any more

    seccomp.install()
    set_dumpable(False)
    # the machine's own handler of core dumps runs outside of all sandboxes
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory()


def at_end_of_input(do: Callable[[], object] | None) -> None:
    """Have something done as soon as nobody holds the other end of descriptor 0, a pipe, any more,
    whatever this process is about.

    The signal that the kernel sends at the parent's death would not do: it ends this process before
    it has cleaned up, and does not come to one that has changed the user, since the dying parent
    has no right to send it.

    Args:
        do: what to do, in a signal handler; None: nothing.
    """
    if not hasattr(os, "O_ASYNC"):
        return
    if do is None:
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        return
    poll = select.poll()
    poll.register(0, 0)

    def look(*_: object) -> None:
        if any(event & select.POLLHUP for _, event in poll.poll(0)):
            do()

    signal.signal(signal.SIGIO, look)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    look()  # it may have happened before


def _limit_memory(limit: int = _MEMORY) -> None:
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(
        resource.RLIMIT_AS, (limit if most == resource.RLIM_INFINITY else min(limit, most), most)
    )


def run() -> None:
    """Make this process, which such a one forked, one that runs a program."""
    for name in ("SIGIO", "SIGALRM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    set_dumpable(True)


@contextlib.contextmanager
def as_program() -> Iterator[None]:
    """Give what is started meanwhile a program's limits, not those of this process."""
    most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most[1], most[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, most)


def watch_for_bombs(processes: int, folders: Sequence[str], found: Callable[[str], object]) -> None:
    """From now on, look every so often whether a program fills the sandbox, and end all of its
    processes if so.

    A program that forks without end gets nearly all the time of all cores: what looks at each of
    its processes does not keep up. And empty files take no space of a folder's, but memory.

    Args:
        processes: how many there may be.
        folders: where it may write.
        found: called, in a signal handler, with what there was too much of.
    """

    def look(*_: object) -> None:
        if sum(name.isdigit() for name in os.listdir("/proc")) > processes + 1:
            found(f"it had more than {processes:,} processes running")
        elif any(_files(folder) > _FILES for folder in folders):
            found(f"it made more than {_FILES:,} files")
        elif _sockets("used") > _SOCKETS:
            found(f"it had more than {_SOCKETS:,} sockets")
        else:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _EVERY, _EVERY)


def _files(folder: str) -> int:
    told = os.statvfs(folder)
    return told.f_files - told.f_ffree


def _sockets(which: str) -> int:
    """How many sockets there are in this sandbox; 0 where the system does not tell.

    Args:
        which: "used" for those that are open, "tw" for those of TCP that were closed a short time
            ago.
    """
    with contextlib.suppress(FileNotFoundError), open("/proc/net/sockstat") as file:
        told = file.read().split()
        return int(told[told.index(which) + 1])
    return 0


def ports_are_free(seconds: float = 0.05) -> bool:
    """Whether sockets of programs that have ended leave the next one all ports that it may ask for.

    A connection that was closed keeps its port for a minute. That is nobody's trouble where the
    system had chosen the port, as for nearly all programs: it chooses another then.

    Args:
        seconds: How long the system gets to close what is about to be closed.
    """
    deadline = time.monotonic() + seconds
    while _sockets("used"):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    closed = _sockets("tw")
    if not 0 < closed <= _CLOSED:
        return closed == 0
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        first, last = map(int, file.read().split())
    for path in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(FileNotFoundError), open(path) as file:
            ports = [int(line.split()[1].rpartition(":")[2], 16) for line in file.readlines()[1:]]
            if not all(first <= port <= last for port in ports):
                return False
    return True


def end_watch_for_bombs() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)


def end_everything_else() -> None:
    """End all other processes of the sandbox. Only for its first process, and at one stroke:
    nothing forks itself out of it.

    Raises:
        RuntimeError: this is not the first process of a sandbox.
    """
    if os.getpid() != 1:
        raise RuntimeError("this process is not the first of a sandbox")
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
