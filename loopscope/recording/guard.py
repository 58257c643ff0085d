"""Runs the recorder's code inside the program so that the program does not notice."""

from __future__ import annotations

import contextlib
import gc
from _thread import get_ident
from collections.abc import Callable
from typing import Any

from ..trace.events import Note
from . import interrupts
from .interrupts import defer_interrupt
from .unrecorded import NullRecorder, Outlet

# Bound here because the program may replace any of these.
_gc_is_enabled, _gc_disable, _gc_enable = gc.isenabled, gc.disable, gc.enable


class Guard(NullRecorder):
    """Calls the recorder's methods, and handles what goes wrong in them.

    A failure ends the recording of steps with a note, and never reaches the program.

    Attributes:
        active: Whether loops are being recorded.
        now: Returns the microseconds since the program began.
        flush: Sends the events so far.
    """

    def __init__(self, program: str, outlet: Outlet) -> None:
        """Begin to guard; see `NullRecorder` for the arguments."""
        super().__init__(program, outlet)
        self.active = True
        self.now, self.flush, self._lock = outlet.now, outlet.flush, outlet.lock
        self._notes: set[str] = set()
        # A thread, and what a signal handler raised there in the callback of a weak reference.
        self._postponed: tuple[int, BaseException] | None = None

    def guarded_call(self, function: Callable[..., object], *arguments: object) -> object:
        """Call a function of the recorder's so that the program does not notice.

        Returns:
            What the caller has to keep until its frame is gone: an interrupt that came in, or a
            task to which this may be the last reference. Released earlier, either would run code of
            the program's on top of a frame of the recorder's. For the same reason the garbage
            collector is disabled meanwhile.
        """
        if not self.active:
            return None
        if self._postponed is not None and self._postponed[0] == get_ident():
            (_, raised), self._postponed = self._postponed, None
            raise raised
        collecting = _gc_is_enabled()
        try:
            _gc_disable()
            with self._lock:
                return function(*arguments)
        except KeyboardInterrupt as problem:
            return defer_interrupt(problem)
        except Exception as problem:
            self.handle_failure(problem)
            return None
        finally:
            if collecting:
                _gc_enable()

    def guarded_callback(self, *function_and_reference: Any) -> object:
        """Make a guarded call as the callback of a weak reference.

        Python ignores what such a callback raises. An exception that a signal handler raises here,
        mostly the SystemExit of one that calls `sys.exit`, is therefore raised by this thread's
        next guarded call.

        Args:
            function_and_reference: The function, its arguments, and the dead reference.
        """
        function, *arguments, _ = function_and_reference
        try:
            return self.guarded_call(function, *arguments)
        except BaseException as problem:
            self._postponed = get_ident(), problem
            return None

    def handle_failure(self, problem: Exception) -> None:
        """Handle an exception in the recorder: the program runs on, its steps unrecorded.

        Raises:
            Exception: `problem` itself, if it is the program's own, raised by a signal handler.
        """
        if (raised_at := interrupts.handler_traceback(problem)) is not None:
            raise problem.with_traceback(raised_at)
        if isinstance(problem, RecursionError) or not self.active:
            # The program has used up its stack, and the recorder runs on top. Next time will do.
            return
        self.active = False
        if self.finalizing:
            return
        trace = problem.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        location = ""
        if trace is not None:
            location = f" (line {trace.tb_lineno} of {trace.tb_frame.f_code.co_filename})"
        cause = f"{type(problem).__name__}: {problem}{location}"
        with contextlib.suppress(Exception):
            self.note(f"later steps could not be recorded: {cause}")
            self.flush()

    def note(self, text: str) -> None:
        """Send a note, unless it has been sent before."""
        if text not in self._notes:
            self._notes.add(text)
            self.send(Note(text))
