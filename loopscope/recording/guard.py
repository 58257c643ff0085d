"""Calls code of ours while the program runs, so that the program does not notice."""

from __future__ import annotations

import contextlib
import gc
from _thread import RLock, get_ident
from collections.abc import Callable
from typing import Any

from ..trace.events import Event, Note
from . import interrupts, unrecorded
from .interrupts import defer_interrupt

# The program may put something else in the place of any of these.
_collects, _collect_not, _collect = gc.isenabled, gc.disable, gc.enable


class Guard(unrecorded.Recorder):
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
        self._put_off: tuple[int, BaseException] | None = None

    def watch(self, what: Callable[..., object], *arguments: object) -> object:
        """Call one of the methods below, so that the program does not notice.

        Returns:
            What has to be kept until the caller's frame has gone: an interrupt that came in, a task
            whose last reference this may be. Either would else make code run on top of frames of
            ours. So would the garbage collector, which waits.
        """
        if not self.active:
            return None
        if self._put_off is not None and self._put_off[0] == get_ident():
            (_, raised), self._put_off = self._put_off, None
            raise raised
        collects = _collects()
        try:
            _collect_not()
            with self._lock:
                return what(*arguments)
        except KeyboardInterrupt as problem:
            return defer_interrupt(problem)
        except Exception as problem:
            self.failed(problem)
            return None
        finally:
            if collects:
                _collect()

    def when_gone(self, *what_and_reference: Any) -> object:
        """As `watch`, when an object goes. Nothing can be raised then: what a handler raises is put
        off until the loop goes on.

        That is most often SystemExit, of a handler that calls `sys.exit`: Python would report it as
        ignored, and the program go on.
        """
        what, *arguments, _ = what_and_reference
        try:
            return self.watch(what, *arguments)
        except BaseException as problem:
            self._put_off = get_ident(), problem
            return None

    def failed(self, problem: Exception) -> None:
        """Something in here went wrong: the program goes on, its steps unrecorded.

        Raises:
            Exception: `problem` itself, where it is the program's own: a signal handler that came
                in has raised it.
        """
        if (handler := interrupts.frames_of_a_handler(problem)) is not None:
            raise problem.with_traceback(handler)
        if isinstance(problem, RecursionError) or not self.active:
            # The program stands at the end of its stack, and we on top of it: next time will do.
            return
        self.active = False
        if self.ending:
            return
        trace = problem.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = ""
        if trace is not None:
            place = f" (line {trace.tb_lineno} of {trace.tb_frame.f_code.co_filename})"
        cause = f"{type(problem).__name__}: {problem}{place}"
        with contextlib.suppress(Exception):
            self.note(f"later steps could not be recorded: {cause}")
            self.flush()

    def note(self, text: str) -> None:
        """Send a note, once."""
        if text not in self._notes:
            self._notes.add(text)
            self.send(Note(text))
