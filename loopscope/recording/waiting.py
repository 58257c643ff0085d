"""What waits outside the event loop, on the virtual clock.

In:  the clock. Out: functions to stand for those that wait, and changes to the types whose methods
     wait.

A program on the virtual clock has one thread, and nothing reaches it from outside. So whatever
would make it wait either passes at once, or never does. Then a wait with a timeout moves the clock
by that timeout and returns as timed out: it held the loop, as `time.sleep` does. A wait without one
ends the program: with `blocked` where only the program itself could have ended the wait (a lock, a
queue), with `refuse` where somebody else could have (a pipe, a terminal, a signal).

What a library waits for in C, out of our reach, it really waits for: `sqlite3` for a lock, by
default for five seconds.
"""

from __future__ import annotations

import _thread
import contextlib
import functools
import importlib
import io
import operator
import os
import signal
import stat
import sys
import time
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from .replacing import named_as_in_c, replace_method

if TYPE_CHECKING:
    from .clock import VirtualClock

_REFUSED = (
    (
        signal,
        ("pause", "sigwait", "sigwaitinfo", "sigtimedwait", "setitimer", "alarm"),
        "waits for a signal",
    ),
    # Python tells of threads by an audit event only from 3.12 on.
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
# not every system has them
_OF_DESCRIPTORS = ("readv", "writev", "eventfd_read", "splice", "sendfile")
_RUN_INTERPRETER = ("exec", "call", "run_string", "run_func")
_PIECE = 65_536
_PATIENCE = 5_000
"""Milliseconds of real time for whoever feeds standard input through a pipe. What comes does not
depend on when it does.
"""
# The program may put something else in the place of any of these.
_getframe = sys._getframe
_stat, _fstat, _get_blocking, _S_ISFIFO, _S_ISREG = (
    os.stat,
    os.fstat,
    os.get_blocking,
    stat.S_ISFIFO,
    stat.S_ISREG,
)


class Waits:
    """Functions that stand for those of the same name in `time`, `os`, `select` and `signal`."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._sleep, self._read, self._write = time.sleep, os.read, os.write
        self._os = {name: getattr(os, name) for name in _OF_DESCRIPTORS if hasattr(os, name)}
        self._select = self._new_poll = None
        with contextlib.suppress(ImportError):
            import select

            self._select, self._new_poll = select.select, getattr(select, "poll", None)
        self._poll = type(self._new_poll()).poll if self._new_poll else None
        self._printed = {_identity(1), _identity(2)}  # others empty these pipes
        self._fed = _identity(0) if _is_pipe(0) else None  # and fill this one

    def functions(self) -> dict[Any, Callable]:
        """What stands for what: real function -> ours."""
        found: dict[Any, Callable] = {
            time.sleep: self.sleep,
            os.read: self.read,
            os.write: self.write,
        }
        found |= {real: getattr(self, name) for name, real in self._os.items()}
        if self._select is not None:
            found[self._select] = self.select
        refused = [
            (getattr(module, name), what)
            for module, names, what in _REFUSED
            for name in names
            if hasattr(module, name)
        ]
        with contextlib.suppress(ImportError):
            import _posixsubprocess

            # as multiprocessing does, with no audit event
            refused.append((_posixsubprocess.fork_exec, "starts a process"))
        with contextlib.suppress(ImportError):
            other: Any = importlib.import_module("_interpreters")  # from 3.13 on
            refused += [
                (getattr(other, name), "runs another interpreter")
                for name in _RUN_INTERPRETER
                if hasattr(other, name)
            ]
        return found | {
            function: types.MethodType(_refusing(what), self._clock) for function, what in refused
        }

    def sleep(self, seconds: float, /) -> None:
        caller = _getframe(1)
        if (
            caller.f_globals.get("__name__") == "concurrent.interpreters._queues"
            and caller.f_locals.get("timeout") is None
        ):
            # it looks again and again for what only another interpreter could do
            self._clock.blocked("Queue.get")
        nanoseconds = _nanoseconds(seconds)
        if nanoseconds is None:
            self._sleep(seconds)  # which says what is wrong with it
        else:
            self._clock.pass_time(nanoseconds)

    def read(self, fd: int, length: int, /) -> bytes:
        self.ready_to_read(fd, "os.read")
        return self._read(fd, length)

    def readv(self, fd: int, buffers: Any, /) -> int:
        self.ready_to_read(fd, "os.readv")
        return self._os["readv"](fd, buffers)

    def eventfd_read(self, fd: int) -> int:
        self.ready_to_read(fd, "os.eventfd_read")
        return self._os["eventfd_read"](fd)

    def write(self, fd: int, data: Any, /) -> int:
        self.ready_to_write(fd, [data], "os.write")
        return self._write(fd, data)

    def writev(self, fd: int, buffers: Any, /) -> int:
        self.ready_to_write(fd, buffers, "os.writev")
        return self._os["writev"](fd, buffers)

    def splice(
        self,
        src: int,
        dst: int,
        count: int,
        offset_src: Any = None,
        offset_dst: Any = None,
        flags: int = 0,
    ) -> int:
        if not flags & getattr(os, "SPLICE_F_NONBLOCK", 0):
            self.ready_to_read(src, "os.splice")
            self.ready_to_write(dst, [b"1"], "os.splice")  # it moves as much as there is room for
        return self._os["splice"](src, dst, count, offset_src, offset_dst, flags)

    def sendfile(self, out_fd: int, in_fd: int, *arguments: Any, **options: Any) -> int:
        self.ready_to_write(out_fd, [b"1"], "os.sendfile")
        return self._os["sendfile"](out_fd, in_fd, *arguments, **options)

    def select(
        self, readers: Any, writers: Any, exceptional: Any, timeout: float | None = None, /
    ) -> Any:
        nanoseconds = None if timeout is None else _nanoseconds(timeout)
        if timeout is not None and nanoseconds is None:
            return self._select(readers, writers, exceptional, timeout)  # type: ignore[misc]
        readers, writers, exceptional = list(readers), list(writers), list(exceptional)
        ready = self._select(readers, writers, exceptional, 0)  # type: ignore[misc]
        if not any(ready):
            self.time_out("select.select", nanoseconds, from_outside=_has_input(readers))
        return ready

    def time_out(self, call: str, nanoseconds: int | None, from_outside: bool = False) -> None:
        """Nothing is there yet, in a wait on descriptors. `nanoseconds`: its timeout, None: without
        one.
        """
        if nanoseconds is None or (from_outside and nanoseconds):
            self._clock.refuse(f"waits in {self._clock.call_name(call)}()")
        self._clock.time_out(nanoseconds)

    def ready_to_read(self, fd: int, call: str) -> None:
        """End the program if reading from a descriptor would wait."""
        if self._poll is None or not isinstance(fd, int) or fd < 0:
            return
        with contextlib.suppress(OSError):
            poll = self._new_poll()  # type: ignore[misc]
            poll.register(fd, 1)  # POLLIN
            patience = _PATIENCE if self._fed is not None and _identity(fd) == self._fed else 0
            if not self._poll(poll, patience) and _get_blocking(fd):
                self._clock.refuse(
                    f"waits in {self._clock.call_name(call)}()" if fd else "waits for input"
                )

    def ready_to_write(self, fd: int, buffers: Any, call: str) -> None:
        """End the program if writing to a descriptor would wait: nobody but the program itself
        could empty its pipe.
        """
        if (
            isinstance(fd, int)
            and fd > 2
            and _is_pipe(fd)
            and _get_blocking(fd)
            and _identity(fd) not in self._printed
        ):
            with contextlib.suppress(TypeError):  # which the real call is about to raise
                if _free(fd) < sum(memoryview(buffer).nbytes for buffer in buffers):
                    self._clock.refuse(f"waits in {self._clock.call_name(call)}() on a full pipe")


named_as_in_c(Waits)


def install(waits: Waits, clock: VirtualClock) -> None:
    """Change the types whose methods wait, and listen to what the interpreter tells of itself."""
    _install_locks(clock)
    _install_simple_queue(clock)
    _install_polls(waits)
    _install_files(waits)
    sys.addaudithook(_auditor(clock))


def _install_locks(clock: VirtualClock) -> None:
    """All of `threading` and `queue`, and `concurrent.futures`, wait by such locks. An RLock is its
    one thread's own always.
    """
    lock = type(_thread.allocate_lock())
    real = lock.acquire

    def acquire(self: Any, blocking: bool = True, timeout: float = -1) -> bool:
        if not blocking or (timeout != -1 and not _is_timeout(timeout, _thread.TIMEOUT_MAX)):
            return real(self, blocking, timeout)  # which may say what is wrong with it
        if real(self, False):
            return True
        if timeout == -1:
            clock.blocked("lock.acquire")
        clock.time_out(_nanoseconds(timeout) or 0)
        return False

    def enter(self: Any) -> bool:
        return real(self, False) or clock.blocked("lock.acquire")

    _replace(lock, acquire=acquire, acquire_lock=acquire, __enter__=enter)
    with contextlib.suppress(ImportError):
        semaphore = importlib.import_module("_multiprocessing").SemLock
        take: Any = semaphore.acquire

        def acquire_semaphore(self: Any, block: bool = True, timeout: float | None = None) -> bool:
            if take(self, False):
                return True
            if block and timeout is None:
                clock.blocked("lock.acquire")
            if block:
                clock.time_out(_nanoseconds(timeout) or 0)
            return False

        _replace(semaphore, acquire=acquire_semaphore, __enter__=acquire_semaphore)


def _install_simple_queue(clock: VirtualClock) -> None:
    with contextlib.suppress(ImportError):
        from _queue import Empty, SimpleQueue

        real: Any = SimpleQueue.get

        def get(self: Any, block: bool = True, timeout: float | None = None) -> Any:
            if not block or (timeout is not None and _nanoseconds(timeout) is None):
                return real(self, block, timeout)
            with contextlib.suppress(Empty):
                return real(self, False)
            if timeout is None:
                clock.blocked("SimpleQueue.get")
            clock.time_out(_nanoseconds(timeout) or 0)
            return real(self, False)

        _replace(SimpleQueue, get=get)


def _install_polls(waits: Waits) -> None:
    with contextlib.suppress(ImportError, AttributeError):
        import select

        kind: Any = type(select.poll())
        real = kind.poll

        def poll(self: Any, timeout: float | None = None, /) -> list:
            ready = real(self, 0)
            if not ready:
                forever = timeout is None or timeout < 0
                waits.time_out("poll.poll", None if forever else _nanoseconds(timeout / 1000))  # type: ignore[operator]
            return ready

        _replace(kind, poll=poll)
    with contextlib.suppress(ImportError, AttributeError):
        import select

        wait: Any = select.epoll.poll

        def epoll(self: Any, timeout: float | None = None, maxevents: int = -1) -> list:
            ready = wait(self, 0, maxevents)
            if not ready:
                forever = timeout is None or timeout < 0
                waits.time_out("epoll.poll", None if forever else _nanoseconds(timeout))
            return ready

        _replace(select.epoll, poll=epoll)


def _install_files(waits: Waits) -> None:
    """Replace the methods that every file object uses in the end, be it for `input`, `for line in
    file` or `print`.
    """
    read, readinto, readall, write = (
        io.FileIO.read,
        io.FileIO.readinto,
        io.FileIO.readall,
        io.FileIO.write,
    )

    def checked(file: io.FileIO) -> bool:
        """Whether the file may still be waited for after it has given something: a pipe, a
        terminal.
        """
        if file.closed or not file.readable():
            return False
        fd = file.fileno()
        waits.ready_to_read(fd, "file.read")
        return not _S_ISREG(_fstat(fd).st_mode)

    def read_some(self: io.FileIO, size: int | None = -1, /) -> Any:
        if size is None or size < 0:
            return read_all(self)
        checked(self)
        return read(self, size)

    def read_into(self: io.FileIO, buffer: Any, /) -> Any:
        checked(self)
        return readinto(self, buffer)

    def read_all(self: io.FileIO) -> Any:
        if not checked(self):
            return readall(self)
        pieces: list[bytes] = []
        while piece := read(self, _PIECE):
            pieces.append(piece)
            checked(self)
        return b"".join(pieces) if pieces or piece is not None else None

    def write_some(self: io.FileIO, data: Any, /) -> Any:
        if not self.closed and self.writable():
            waits.ready_to_write(self.fileno(), [data], "file.write")
        return write(self, data)

    _replace(io.FileIO, read=read_some, readinto=read_into, readall=read_all, write=write_some)


def _auditor(clock: VirtualClock) -> Callable[[str, tuple], None]:
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
                return  # which the real call is about to say

    checks: dict[str, Callable] = {"open": opens}
    with contextlib.suppress(ImportError):
        import fcntl

        checks["fcntl.flock"] = functools.partial(locks, fcntl.flock)
        checks["fcntl.lockf"] = functools.partial(locks, fcntl.lockf)

    def audit(event: str, arguments: tuple) -> None:
        if event in _REFUSED_EVENTS:
            clock.refuse(_REFUSED_EVENTS[event])
        elif event in checks:
            checks[event](*arguments)

    return audit


def _refusing(what: str) -> Callable:
    def refused(clock: VirtualClock, *_: object, **__: object) -> NoReturn:
        clock.refuse(what)

    return refused


def _replace(kind: type, **methods: Callable) -> None:
    for name, method in methods.items():
        if name in vars(kind):
            method.__name__, method.__qualname__ = name, f"{kind.__qualname__}.{name}"
            replace_method(kind, name, method)


def _nanoseconds(seconds: Any) -> int | None:
    """A time that C would take for a timeout. None for one that it refuses."""
    try:
        if not isinstance(seconds, (int, float)):
            # From 3.15 on any real number will do.
            seconds = float(seconds) if sys.version_info >= (3, 15) else operator.index(seconds)
        nanoseconds = round(seconds * 1e9)
    except (TypeError, ValueError, OverflowError):
        return None
    if not 0 <= nanoseconds < 1 << 63 or seconds < 0:
        return None
    # or whoever waits for the rest of a second would wait for ever
    return nanoseconds or int(seconds > 0)


def _is_timeout(timeout: Any, most: float) -> bool:
    return _nanoseconds(timeout) is not None and timeout <= most


def _has_input(readers: list) -> bool:
    """Whether standard input is among what is waited for: somebody may type."""
    return any((reader if isinstance(reader, int) else reader.fileno()) == 0 for reader in readers)


def _is_pipe(fd: int) -> bool:
    try:
        return _S_ISFIFO(_fstat(fd).st_mode)
    except (OSError, TypeError):
        return False


def _identity(fd: int) -> tuple[int, int] | None:
    try:
        found = _fstat(fd)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _free(fd: int) -> int:
    """Bytes that can be written to a pipe before a writer has to wait, where the system tells."""
    try:
        import fcntl
        import struct
        import termios

        held = struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0\0\0\0"))[0]
        return fcntl.fcntl(fd, fcntl.F_GETPIPE_SZ) - held
    except (ImportError, AttributeError, OSError):
        return 1 << 62
