"""Changes the types whose methods block, so that these block on the virtual clock.

See `waiting` for how such a wait ends.
"""

from __future__ import annotations

import _thread
import contextlib
import importlib
import io
import os
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .durations import timeout_nanoseconds
from .replacing import replace_method

if TYPE_CHECKING:
    from .clock import VirtualClock
    from .waiting import BlockingFunctions

_READ_SIZE = 65_536
_fstat, _S_ISREG = os.fstat, stat.S_ISREG  # bound here because the program may replace them


def install(blocking: BlockingFunctions, clock: VirtualClock) -> None:
    """Change locks, queues, polls and files, in this process and for good."""
    _install_locks(clock)
    _install_simple_queue(clock)
    _install_polls(blocking)
    _install_files(blocking)


def _install_locks(clock: VirtualClock) -> None:
    """Replace the methods of the locks that `threading`, `queue` and `concurrent.futures` use.

    An RLock needs no change: the program has a single thread, which always owns it.
    """
    lock = type(_thread.allocate_lock())
    real = lock.acquire

    def acquire(self: Any, blocking: bool = True, timeout: float = -1) -> bool:
        if not blocking or (timeout != -1 and not _is_timeout(timeout, _thread.TIMEOUT_MAX)):
            return real(self, blocking, timeout)  # which raises if it is invalid
        if real(self, False):
            return True
        if timeout == -1:
            clock.blocked("lock.acquire")
        clock.time_out(timeout_nanoseconds(timeout) or 0)
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
                clock.time_out(timeout_nanoseconds(timeout) or 0)
            return False

        _replace(semaphore, acquire=acquire_semaphore, __enter__=acquire_semaphore)


def _install_simple_queue(clock: VirtualClock) -> None:
    """Replace `get` of the queue that is written in C."""
    with contextlib.suppress(ImportError):
        from _queue import Empty, SimpleQueue

        real: Any = SimpleQueue.get

        def get(self: Any, block: bool = True, timeout: float | None = None) -> Any:
            if not block or (timeout is not None and timeout_nanoseconds(timeout) is None):
                return real(self, block, timeout)
            with contextlib.suppress(Empty):
                return real(self, False)
            if timeout is None:
                clock.blocked("SimpleQueue.get")
            clock.time_out(timeout_nanoseconds(timeout) or 0)
            return real(self, False)

        _replace(SimpleQueue, get=get)


def _install_polls(blocking: BlockingFunctions) -> None:
    """Replace `poll` of the objects that `select.poll` and `select.epoll` return."""
    with contextlib.suppress(ImportError, AttributeError):
        import select

        kind: Any = type(select.poll())
        real = kind.poll

        def poll(self: Any, timeout: Any = None, /) -> Any:
            ready = real(self, 0)
            if not ready:
                forever = timeout is None or timeout < 0
                nanoseconds = None if forever else timeout_nanoseconds(timeout / 1000)
                blocking.time_out("poll.poll", nanoseconds)
            return ready

        _replace(kind, poll=poll)
    with contextlib.suppress(ImportError, AttributeError):
        import select

        wait: Any = select.epoll.poll

        def epoll(self: Any, timeout: float | None = None, maxevents: int = -1) -> Any:
            ready = wait(self, 0, maxevents)
            if not ready:
                forever = timeout is None or timeout < 0
                blocking.time_out("epoll.poll", None if forever else timeout_nanoseconds(timeout))
            return ready

        _replace(select.epoll, poll=epoll)


def _install_files(blocking: BlockingFunctions) -> None:
    """Replace the methods that every file object uses in the end.

    So do `input`, `print` and `for line in file`.
    """
    read, readinto, readall, write = (
        io.FileIO.read,
        io.FileIO.readinto,
        io.FileIO.readall,
        io.FileIO.write,
    )

    def checked(file: io.FileIO) -> bool:
        """End the program if reading the file would block.

        Returns:
            Whether reading on may block once some bytes have arrived (from a pipe, a terminal).
        """
        if file.closed or not file.readable():
            return False
        fd = file.fileno()
        blocking.ready_to_read(fd, "file.read")
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
        while piece := read(self, _READ_SIZE):
            pieces.append(piece)
            checked(self)
        return b"".join(pieces) if pieces or piece is not None else None

    def write_some(self: io.FileIO, data: Any, /) -> Any:
        if not self.closed and self.writable():
            blocking.ready_to_write(self.fileno(), [data], "file.write")
        return write(self, data)

    _replace(io.FileIO, read=read_some, readinto=read_into, readall=read_all, write=write_some)


def _replace(kind: type, **methods: Callable[..., Any]) -> None:
    """Replace methods of a type, those that it defines itself."""
    for name, method in methods.items():
        if name in vars(kind):
            method.__name__, method.__qualname__ = name, f"{kind.__qualname__}.{name}"
            replace_method(kind, name, method)


def _is_timeout(timeout: Any, most: float) -> bool:
    """Whether C code accepts a number of seconds as a timeout."""
    return timeout_nanoseconds(timeout) is not None and timeout <= most
