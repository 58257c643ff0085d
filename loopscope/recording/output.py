"""Replacements for `sys.stdout` and `sys.stderr` that record who printed what, and when."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from _thread import RLock
from _thread import _count as started_thread_count
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..trace.events import Interrupted
from .interrupts import can_be_deferred, defer_interrupt, handler_traceback
from .unrecorded import NO_CALL_SITE, CallSite

if TYPE_CHECKING:
    from .in_process import Recording

_write = io.FileIO.write
_MAX_WRITE = 16_384  # bytes; less than a pipe holds, so writing what is read here never blocks
_LOCK_TIMEOUT = 1.0  # seconds that a thread waits at most for another one's write
_MERGE_INTERVAL = 1_000  # microseconds within which output counts as printed together


class PendingOutput:
    """Output of one turn that has not been written yet.

    Attributes:
        turn: Whose turn it was, as `current_turn` returns it.
        call_site: Where it was printed; None if nothing was being recorded.
        at: When, in microseconds since the program began.
        data: The output, in pieces.
        counts: How many bytes of it each write took; None for one that would have blocked.
    """

    __slots__ = ("turn", "call_site", "at", "data", "counts")

    def __init__(self, turn: object, call_site: CallSite | None, at: int) -> None:
        self.turn = turn
        self.call_site = call_site
        self.at = at
        self.data: list[bytes] = []
        self.counts: list[int | None] = []


def _bytes_of(data: Any) -> bytes:
    """Return a copy of the bytes of an object.

    Raises:
        TypeError: It is not bytes-like; the message is that of Python's own streams.
    """
    copy = io.BytesIO()
    copy.write(data)
    return copy.getvalue()


class RecordingWriter(io.BufferedWriter):
    """The buffer of `sys.stdout` or `sys.stderr`, which records what it writes.

    It keeps pending output itself: a signal handler that prints may run at any line of this class,
    and the buffer of the base class must not be entered twice. Output is kept along with who
    printed it, since another task may complete the line. And it is kept until it is written, so
    that nothing is lost when a handler raises, which it too may do at any line of this class.
    """

    def __init__(self, raw: io.FileIO, recording: Recording) -> None:
        """Write to a file.

        Args:
            raw: The file, descriptor 1 or 2.
            recording: Where to report what is written.
        """
        super().__init__(raw)
        self._recording = recording
        self._pending: list[PendingOutput] = []
        self._size = 0
        self._reset_lock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._reset_lock)

    def _reset_lock(self) -> None:
        """Create the lock, anew in a forked process.

        Without it, what a thread prints could overtake what it printed before.
        """
        self._write_lock = RLock()

    def __repr__(self) -> str:
        return super().__repr__().replace(type(self).__name__, "_io.BufferedWriter", 1)

    def write(self, data: Any, /) -> int:
        if self.closed:
            raise ValueError("write to closed file")
        piece = data if type(data) is bytes else _bytes_of(data)
        locked: list[bool] = []
        lock, handlers = self._write_lock, _HandlerExceptions(self._recording)
        try:
            if started_thread_count():
                # In one line, or a signal handler could leave it locked.
                handlers.call(locked.extend, map(lock.acquire, (True,), (_LOCK_TIMEOUT,)))
            new = handlers.call(self._recording.recorder.guarded_call, self._new_pending, piece)
            handlers.call(self._append, piece, new if type(new) is PendingOutput else None)
            # Not earlier: another thread may just have ended its `flush`.
            self.__dict__.pop("flush", None)
            _kept = new
            if self._size > io.DEFAULT_BUFFER_SIZE:
                self._write_all_pending(handlers)
        finally:
            if True in locked:
                lock.release()
        handlers.reraise()
        return len(piece)

    def _append(self, piece: bytes, new: PendingOutput | None) -> None:
        """Add a piece of output to what is pending."""
        if new is None and self._pending:
            self._pending[-1].data.append(piece)
        else:
            new = new or PendingOutput(None, None, 0)
            # The piece first: once `new` is pending, a signal handler may write and remove it.
            new.data.append(piece)
            self._pending.append(new)
        self._size += len(piece)

    def _new_pending(self, data: bytes) -> PendingOutput | None:
        """Return where to put output that does not belong to what is pending, None if it does.

        It does not if somebody else printed the pending output, or if that was some time ago. The
        end of a line, which `print` writes separately, always belongs to its line, however long a
        busy machine delays it.
        """
        recording, last = self._recording, self._pending[-1:]
        turn, now = recording.recorder.current_turn(), recording.now()
        if last and last[0].turn == turn:
            ends = data == b"\n" and not b"".join(last[0].data[-1:]).endswith(b"\n")
            if ends or now - last[0].at <= _MERGE_INTERVAL:
                return None
        # This may announce a step that began unnoticed.
        call_site = recording.recorder.call_site()
        return PendingOutput(recording.recorder.current_turn(), call_site, now)

    def flush(self) -> None:
        flush = super().flush  # raises if the file is closed
        flush()
        locked: list[bool] = []
        lock, handlers = self._write_lock, _HandlerExceptions(self._recording)
        try:
            if started_thread_count():
                handlers.call(locked.extend, map(lock.acquire, (True,), (_LOCK_TIMEOUT,)))
            self._write_all_pending(handlers)
            # Until there is something to flush again, calls go straight to C, where Ctrl-C can't
            # interrupt Python code.
            self.__dict__["flush"] = flush
            if self._pending:  # a signal handler has printed since
                self.__dict__.pop("flush", None)
        finally:
            if True in locked:
                lock.release()
        handlers.reraise()

    def _write_all_pending(self, handlers: _HandlerExceptions) -> None:
        """Write all that is pending, whatever handlers run meanwhile."""
        while self._pending:
            handlers.call(self._write_pending, handlers)

    def _write_pending(self, handlers: _HandlerExceptions) -> None:
        """Write what is pending now. If an exception comes in, the rest stays pending."""
        pending: list[PendingOutput] = []
        collecting = gc.isenabled()
        try:
            gc.disable()  # or finalizers of the program's would run on top of these frames
            pending, self._pending, self._size = self._pending, [], 0
            self._write_in_order(pending, handlers)
        finally:
            if pending:
                self._pending[:0] = pending
            if collecting:
                gc.enable()

    def _write_in_order(self, pending: list[PendingOutput], handlers: _HandlerExceptions) -> None:
        """Write pending output, and remove from the list what has been written.

        Raises:
            BlockingIOError: The descriptor does not block, and its pipe is full.
        """
        while pending:
            piece = pending[0]
            data = memoryview(b"".join(piece.data))
            while left := data[sum(filter(None, piece.counts)) :]:
                handlers.call(self._write_some, left, piece.counts, piece, handlers)
                if None in piece.counts:
                    piece.counts.remove(None)
                    message = "write could not complete without blocking"
                    raise BlockingIOError(errno.EAGAIN, message, 0)
            del pending[0]

    def _write_some(
        self,
        data: memoryview,
        counts: list[int | None],
        piece: PendingOutput,
        handlers: _HandlerExceptions,
    ) -> None:
        """Write as much as one call can.

        How much that was is noted in the same line, so that Ctrl-C cannot make it be written twice.
        """
        call_site, at = handlers.call(self._drain_before_write, piece) or (None, None)
        if call_site is None:
            counts.extend(map(self.raw.write, (data,)))
            return
        recording = self._recording
        with recording.lock:
            counts.extend(map(self.raw.write, (data[:_MAX_WRITE],)))
            handlers.call(self._drain_after_write, call_site, at)

    def _drain_before_write(self, piece: PendingOutput) -> tuple[CallSite | None, int | None]:
        """Send what other writers have put into the pipe before.

        Returns:
            Who printed the output, and when; (None, None) if it need only be written.
        """
        recording = self._recording
        if not recording.active:
            return None, None
        try:
            if piece.turn != recording.recorder.current_turn():
                call_site = recording.before_write()
                return (call_site, None) if piece.call_site is None else (piece.call_site, piece.at)
            recording.drain((piece.call_site or NO_CALL_SITE)._replace(line=None))
        except Exception as problem:
            recording.recorder.handle_failure(problem)
        return (None, None) if piece.call_site is None else (piece.call_site, piece.at)

    def _drain_after_write(self, call_site: CallSite, at: int | None) -> None:
        """Send what has just been written."""
        try:
            self._recording.drain(call_site, at)
        except Exception as problem:
            self._recording.recorder.handle_failure(problem)


class _HandlerExceptions:
    """What the program's signal handlers raise during a write, kept until all is written."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._interrupt: object = None
        self._raised: BaseException | None = None

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function; keep what a signal handler raises meanwhile.

        Returns:
            What the function returns; None if a handler has raised.
        """
        try:
            return function(*arguments)
        except BaseException as problem:
            if isinstance(problem, KeyboardInterrupt) and can_be_deferred():
                self._interrupt = defer_interrupt(problem)
                self._recording.send(Interrupted())
                self._recording.flush()
            elif isinstance(problem, Exception) and handler_traceback(problem) is None:
                raise
            else:
                self._raised = problem
        return None

    def reraise(self) -> None:
        """Raise what was kept, if anything."""
        if self._raised is not None:
            raise self._raised.with_traceback(handler_traceback(self._raised))


def make_stream(descriptor: int, recording: Recording) -> io.TextIOWrapper:
    """Return a text stream on descriptor 1 or 2 that behaves as Python's own on a terminal."""
    name = ("stdout", "stderr")[descriptor - 1]
    original = getattr(sys, name)
    raw = io.FileIO(descriptor, "w", closefd=False)
    raw.name = f"<{name}>"
    # The method written in C, even if the virtual clock has replaced it: Ctrl-C can't come between
    # the write and the count of its bytes.
    raw.write = _write.__get__(raw, io.FileIO)  # type: ignore[method-assign]  # mypy allows no method on an instance
    encoding, errors = getattr(original, "encoding", "utf-8"), getattr(original, "errors", "strict")
    # Each piece of a print is passed on at once, so that the writer knows who printed it; it
    # then waits for the end of the line.
    stream = io.TextIOWrapper(
        RecordingWriter(raw, recording),
        encoding=encoding,
        errors=errors,
        line_buffering=True,
        write_through=True,
    )
    stream.mode = "w"  # type: ignore[misc]  # read-only in typeshed; CPython sets it on its own streams in the same way
    return stream
