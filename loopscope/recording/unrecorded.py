"""Replaces the recorder on a Python where it cannot record (see `compat`).

It sends nothing about loops; the program's output is recorded all the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from ..trace.events import Event, FileKnown

_getframe = sys._getframe  # bound here because the program may replace it


class CallSite(NamedTuple):
    """Where the program is in this thread.

    Attributes:
        task: The number of the current task, or None.
        line: The program's line that is being executed, or None.
        step: The number of the current step, or None.
    """

    task: int | None
    line: int | None
    step: int | None


NO_CALL_SITE = CallSite(None, None, None)


class Outlet(NamedTuple):
    """Where a recorder's events go, and the clock and lock that it shares with who sends them.

    Attributes:
        send: Takes each event.
        flush: Sends the events so far.
        now: Returns the microseconds since the program began.
        lock: A lock that the sender holds too, so that there is one order of locking.
    """

    send: Callable[[Event], None]
    flush: Callable[[], None]
    now: Callable[[], int]
    lock: Any


class NullRecorder:
    """Leaves asyncio alone; `recorder.Recorder` does not.

    Attributes:
        active: Whether loops are being recorded.
        finalizing: Whether the interpreter is shutting down, and perhaps loopscope with it.
        began: The loops' time when the program began, in seconds.
        drain: Called before a step begins and when it is over, with where the program is.
        has_output: Returns whether there is something to drain.
        send: Takes each event.
    """

    def __init__(self, program: str, outlet: Outlet) -> None:
        """Prepare to record.

        Args:
            program: The program's file; empty if only the interpreter can find it out.
            outlet: Where the events go.
        """
        self.active = False
        self.finalizing = False
        self.began = 0.0
        self.drain: Callable[[CallSite], None] = lambda call_site: None
        self.has_output: Callable[[], object] = lambda: False
        self.send = outlet.send
        self._program = program

    @property
    def program(self) -> str:
        """The program's file.

        For some command lines only the running interpreter can find it out.
        """
        if not self._program:
            self._program = getattr(sys.modules.get("__main__"), "__file__", None) or ""
            if self._program:
                self.send(FileKnown(self._program))
        return self._program

    def install(self) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""

    def handle_failure(self, problem: Exception) -> None:
        """Do nothing."""

    def guarded_call(self, function: Callable[..., object], *arguments: object) -> object:
        """Call nothing."""
        return None

    def current_turn(self) -> tuple[int, object]:
        """Return the same for all turns."""
        return 0, None

    def creation_rank(self, task: Any) -> int:
        """Return the same for all tasks."""
        return 0

    def waiting_tasks(self) -> list[Any]:
        """Return no tasks."""
        return []

    def call_site(self) -> CallSite:
        """Return the program's innermost line in this thread."""
        frame: Any = _getframe(1)
        program = self.program
        while frame is not None and frame.f_code.co_filename != program:
            frame = frame.f_back
        return CallSite(None, frame and frame.f_lineno, None)
