"""Calls code of ours while the program runs, so that the program does not notice."""

from __future__ import annotations

import contextlib
import gc
from _thread import RLock, get_ident
from collections.abc import Callable
from typing import Any

from ..trace.events import Event, Note
from . import interrupts
from .interrupts import defer_interrupt
from .unrecorded import NullRecorder

# The program may put something else in the location of any of these.
_gc_is_enabled, _gc_disable, _gc_enable = gc.isenabled, gc.disable, gc.enable


class Guard(NullRecorder):
    """A recorder's way to its own methods.

    `lock` is shared with whoever sends, so that there is one order of taking it. Whatever goes
    wrong in here ends the recording of steps with a note (`failed`), and never reaches the program.
    """

    def __init__(
        self,
        send: Callable[[Event], None],
        flush: Callable[[], None],
        program: str,
        now: Callable[[], int],
        lock: Any = None,
    ) -> None:
        super().__init__(send, flush, program, now, lock)
        self.active = True
        self.now = now
        self.flush = flush
        self._lock = RLock() if lock is None else lock
        self._notes: set[str] = set()
        # a thread, and what a handler raised there when nothing could be raised
        self._postponed: tuple[int, BaseException] | None = None

    def guarded_call(self, function: Callable[..., object], *arguments: object) -> object:
        """Call one of the methods below, so that the program does not notice.

        Returns:
            What has to be kept until the caller's frame has gone: an interrupt that came in, a task
            whose last reference this may be. Either would else make code run on top of frames of
            ours. So would the garbage collector, which waits.
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
        """As `guarded_call`, when an object goes. Nothing can be raised then: what a handler raises
        is put off until the loop goes on.

        That is most often SystemExit, of a handler that calls `sys.exit`: Python would report it as
        ignored, and the program go on.
        """
        function, *arguments, _ = function_and_reference
        try:
            return self.guarded_call(function, *arguments)
        except BaseException as problem:
            self._postponed = get_ident(), problem
            return None

    def handle_failure(self, problem: Exception) -> None:
        """Something in here went wrong: the program goes on, its steps unrecorded.

        Raises:
            Exception: `problem` itself, where it is the program's own: a signal handler that came
                in has raised it.
        """
        if (raised_at := interrupts.handler_traceback(problem)) is not None:
            raise problem.with_traceback(raised_at)
        if isinstance(problem, RecursionError) or not self.active:
            # The program stands at the end of its stack, and we on top of it: next time will do.
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
        """Send a note, once."""
        if text not in self._notes:
            self._notes.add(text)
            self.send(Note(text))
