"""Functions that block, on the virtual clock.

A program on the virtual clock has one thread, and nothing reaches it from outside. So whatever
would make it wait either is there at once or never comes. Then a wait with a timeout advances the
clock by that timeout and returns as timed out: it blocked the loop, as `time.sleep` does. A wait
without one ends the program: with `blocked` if only the program itself could have ended the wait (a
lock, a queue), with `refuse` if somebody else could have (a pipe, a terminal, a signal).

What a library waits for in C, where it cannot be replaced, it really waits for: `sqlite3` for a
lock, by default for five seconds.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import blocking_types, refusals
from .durations import timeout_nanoseconds
from .replacing import name_like_c_functions

if TYPE_CHECKING:
    from .clock import VirtualClock

# Not every system has all of these.
_DESCRIPTOR_FUNCTIONS = ("readv", "writev", "eventfd_read", "splice", "sendfile")
_INPUT_TIMEOUT = 5_000
"""Milliseconds of real time to wait for input from a pipe; its content does not depend on them."""
# Bound here because the program may replace any of these.
_getframe = sys._getframe
_fstat, _get_blocking, _S_ISFIFO = os.fstat, os.get_blocking, stat.S_ISFIFO


class BlockingFunctions:
    """Replacements for the functions of the same names in `time`, `os`, `select` and `signal`."""

    def __init__(self, clock: VirtualClock) -> None:
        """Prepare the replacements; the real functions stay as they are."""
        self._clock = clock
        self._sleep, self._read, self._write = time.sleep, os.read, os.write
        self._os: dict[str, Callable[..., int]] = {
            name: getattr(os, name) for name in _DESCRIPTOR_FUNCTIONS if hasattr(os, name)
        }
        self._select: Any = None
        self._new_poll: Any = None
        with contextlib.suppress(ImportError):
            import select

            self._select, self._new_poll = select.select, getattr(select, "poll", None)
        self._poll = type(self._new_poll()).poll if self._new_poll else None
        self._output_pipes = {_identity(1), _identity(2)}  # others read from these
        self._input_pipe = _identity(0) if _is_pipe(0) else None  # and write to this one

    def replacements(self) -> dict[Any, Callable[..., Any]]:
        """Return what replaces each real function."""
        found: dict[Any, Callable[..., Any]] = {
            time.sleep: self.sleep,
            os.read: self.read,
            os.write: self.write,
        }
        found |= {real: getattr(self, name) for name, real in self._os.items()}
        if self._select is not None:
            found[self._select] = self.select
        return found | refusals.replacements(self._clock)

    def sleep(self, seconds: float, /) -> None:
        caller = _getframe(1)
        if (
            caller.f_globals.get("__name__") == "concurrent.interpreters._queues"
            and caller.f_locals.get("timeout") is None
        ):
            # It polls for what only another interpreter could do.
            self._clock.blocked("Queue.get")
        nanoseconds = timeout_nanoseconds(seconds)
        if nanoseconds is None:
            self._sleep(seconds)  # which raises
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
            # One byte, since it moves as many as there is room for.
            self.ready_to_write(dst, [b"1"], "os.splice")
        return self._os["splice"](src, dst, count, offset_src, offset_dst, flags)

    def sendfile(self, out_fd: int, in_fd: int, *arguments: Any, **options: Any) -> int:
        self.ready_to_write(out_fd, [b"1"], "os.sendfile")
        return self._os["sendfile"](out_fd, in_fd, *arguments, **options)

    def select(
        self, readers: Any, writers: Any, exceptional: Any, timeout: float | None = None, /
    ) -> Any:
        nanoseconds = None if timeout is None else timeout_nanoseconds(timeout)
        if timeout is not None and nanoseconds is None:
            return self._select(readers, writers, exceptional, timeout)
        readers, writers, exceptional = list(readers), list(writers), list(exceptional)
        ready = self._select(readers, writers, exceptional, 0)
        if not any(ready):
            self.time_out("select.select", nanoseconds, from_outside=_has_input(readers))
        return ready

    def time_out(self, call: str, nanoseconds: int | None, from_outside: bool = False) -> None:
        """Let a wait on descriptors, none of which is ready, end with its timeout.

        Args:
            call: The name of the call that waits.
            nanoseconds: Its timeout, or None.
            from_outside: Whether somebody outside could end the wait.
        """
        if nanoseconds is None or (from_outside and nanoseconds):
            self._clock.refuse(f"waits in {self._clock.call_name(call)}()")
        self._clock.time_out(nanoseconds)

    def ready_to_read(self, fd: int, call: str) -> None:
        """End the program if reading from a descriptor would block."""
        if self._poll is None or not isinstance(fd, int) or fd < 0:
            return
        with contextlib.suppress(OSError):
            poll = self._new_poll()
            poll.register(fd, 1)  # POLLIN
            milliseconds = (
                _INPUT_TIMEOUT
                if self._input_pipe is not None and _identity(fd) == self._input_pipe
                else 0
            )
            if not self._poll(poll, milliseconds) and _get_blocking(fd):
                self._clock.refuse(
                    f"waits in {self._clock.call_name(call)}()" if fd else "waits for input"
                )

    def ready_to_write(self, fd: int, buffers: Any, call: str) -> None:
        """End the program if writing to a descriptor would block.

        Nobody but the program itself could empty such a pipe.
        """
        if (
            isinstance(fd, int)
            and fd > 2
            and _is_pipe(fd)
            and _get_blocking(fd)
            and _identity(fd) not in self._output_pipes
        ):
            with contextlib.suppress(TypeError):  # the real call is about to raise it
                if _free_space(fd) < sum(memoryview(buffer).nbytes for buffer in buffers):
                    self._clock.refuse(f"waits in {self._clock.call_name(call)}() on a full pipe")


name_like_c_functions(BlockingFunctions)


def install(blocking: BlockingFunctions, clock: VirtualClock) -> None:
    """Change the types whose methods block, and refuse what the clock cannot wait for."""
    blocking_types.install(blocking, clock)
    refusals.install(clock)


def _has_input(readers: list[Any]) -> bool:
    """Whether standard input is among what is waited for: somebody may type."""
    return any((reader if isinstance(reader, int) else reader.fileno()) == 0 for reader in readers)


def _is_pipe(fd: int) -> bool:
    """Whether a descriptor is a pipe."""
    try:
        return _S_ISFIFO(_fstat(fd).st_mode)
    except (OSError, TypeError):
        return False


def _identity(fd: int) -> tuple[int, int] | None:
    """Return the device and inode of a descriptor's file, or None."""
    try:
        found = _fstat(fd)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _free_space(fd: int) -> int:
    """Return how many bytes a pipe takes before a writer blocks, if the system says so."""
    try:
        import fcntl
        import struct
        import termios

        held = struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0\0\0\0"))[0]
        unused: int = fcntl.fcntl(fd, fcntl.F_GETPIPE_SZ) - held
        return unused
    except (ImportError, AttributeError, OSError):
        return 1 << 62
