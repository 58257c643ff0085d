"""Calls that the virtual clock refuses, since it cannot wait for what they do.

The program is ended then, naming the line that made the call.
"""

from __future__ import annotations

import _thread
import contextlib
import functools
import importlib
import os
import signal
import stat
import sys
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from .clock import VirtualClock

_REFUSED = (
    (
        signal,
        ("pause", "sigwait", "sigwaitinfo", "sigtimedwait", "setitimer", "alarm"),
        "waits for a signal",
    ),
    # Python raises an audit event for new threads only from 3.12 on.
    (_thread, ("start_new_thread", "start_new", "start_joinable_thread"), "starts a thread"),
)
_REFUSED_EVENTS = {
    "socket.__new__": "opens a socket",
    "socket.getaddrinfo": "looks up a name",
    "socket.gethostbyname": "looks up a name",
    "socket.gethostbyaddr": "looks up a name",
    "socket.getnameinfo": "looks up a name",
    "subprocess.Popen": "starts a process",
    "os.fork": "starts a process",
    "os.forkpty": "starts a process",
    "os.posix_spawn": "starts a process",
    "os.system": "starts a process",
    "os.exec": "replaces itself by another program",
}
_RUN_INTERPRETER = ("exec", "call", "run_string", "run_func")
_stat, _S_ISFIFO = os.stat, stat.S_ISFIFO  # bound here because the program may replace them


def install(clock: VirtualClock) -> None:
    """Add an audit hook that refuses such calls, for good."""
    sys.addaudithook(_auditor(clock))


def replacements(clock: VirtualClock) -> dict[Any, Callable[..., Any]]:
    """Return what replaces each function that is refused."""
    refused = [
        (getattr(module, name), what)
        for module, names, what in _REFUSED
        for name in names
        if hasattr(module, name)
    ]
    with contextlib.suppress(ImportError):
        import _posixsubprocess

        # multiprocessing calls it, and it raises no audit event
        refused.append((_posixsubprocess.fork_exec, "starts a process"))
    with contextlib.suppress(ImportError):
        other: Any = importlib.import_module("_interpreters")  # from 3.13 on
        refused += [
            (getattr(other, name), "runs another interpreter")
            for name in _RUN_INTERPRETER
            if hasattr(other, name)
        ]
    return {function: types.MethodType(_refusing(what), clock) for function, what in refused}


def _auditor(clock: VirtualClock) -> Callable[[str, tuple[Any, ...]], None]:
    """Return the audit hook."""

    def opens(path: object, _: object, flags: object) -> None:
        if (
            isinstance(path, (str, bytes))
            and isinstance(flags, int)
            and not flags & (os.O_NONBLOCK | os.O_RDWR)
        ):
            with contextlib.suppress(OSError, ValueError):
                if _S_ISFIFO(_stat(path).st_mode):
                    clock.refuse("opens a named pipe")

    def locks(lock: Callable[..., object], fd: int, operation: int, *part: int | None) -> None:
        if operation & (fcntl.LOCK_SH | fcntl.LOCK_EX) and not operation & fcntl.LOCK_NB:
            try:
                lock(fd, operation | fcntl.LOCK_NB, *(number or 0 for number in part))
            except BlockingIOError:
                clock.refuse("waits for a locked file")
            except OSError:
                return  # the real call is about to raise it

    checks: dict[str, Callable[..., None]] = {"open": opens}
    with contextlib.suppress(ImportError):
        import fcntl

        checks["fcntl.flock"] = functools.partial(locks, fcntl.flock)
        checks["fcntl.lockf"] = functools.partial(locks, fcntl.lockf)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _REFUSED_EVENTS:
            clock.refuse(_REFUSED_EVENTS[event])
        elif event in checks:
            checks[event](*arguments)

    return audit


def _refusing(what: str) -> Callable[..., NoReturn]:
    """Return a method of the clock's that refuses to do what a function does."""

    def refused(clock: VirtualClock, *_: object, **__: object) -> NoReturn:
        clock.refuse(what)

    return refused
