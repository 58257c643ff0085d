"""Sends the events of a recording to the supervisor."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ..trace.encoding import encode
from ..trace.events import (
    Event,
    FrameBegan,
    LineReached,
    LinesCounted,
    Printed,
    StepBegan,
    StepEnded,
    StepsUpTo,
)

_STEP_EVENTS = frozenset({StepBegan, StepEnded, FrameBegan, LineReached, LinesCounted})


class Sender:
    """Sends batches of events: steps alone to a file in memory, everything else to a pipe.

    One of the program's signal handlers may raise between any two lines here, and no data may be
    lost or duplicated. So data is taken from a list and stored in its new place within a single
    line, by functions written in C. And loops are kept out of `try` and `with` blocks, in functions
    called from there: CPython doesn't cover a loop's jump back with the block around it.

    Attributes:
        unsent: What the next `flush` sends; output is paired with its bytes.
        active: False once nothing is sent any more.
    """

    def __init__(self, events: int, steps: int, lock: Any, unreachable: Callable[[], None]) -> None:
        """Prepare to send.

        Args:
            events: The write end of the pipe.
            steps: The file, open for appending.
            lock: Held while something is sent.
            unreachable: Called when the program has closed one of these.
        """
        self.unsent: list[Event | tuple[Printed, bytes]] = []
        self.active = True
        # Bound here because the program may replace any of these.
        self._write, self._seek, self._truncate = os.write, os.lseek, os.ftruncate
        self._events, self._steps = events, steps
        self._lock, self._unreachable = lock, unreachable
        self._batch = self._remaining = b""  # what is being sent, and the rest of it
        self._target = events  # descriptor that it is sent to
        self._written: list[int] = []  # how many bytes of the rest each write took
        self._steps_full = False
        self._flushing = False

    def send(self, event: Event) -> None:
        """Add an event to those that the next `flush` sends."""
        if self.active:
            self.unsent.append(event)

    def flush(self) -> None:
        """Send all events so far.

        If the program has closed the descriptors, so that the supervisor is out of reach, the
        recording is over.
        """
        with self._lock:
            if self._flushing:
                return  # called by a signal handler; the call that it interrupts sends this too
            try:
                self._flushing = True
                self._send_all()
            except OSError:
                self._unreachable()
            finally:
                self._flushing = False

    def _send_all(self) -> None:
        """Send batch after batch until nothing is left."""
        while self.active and (self.unsent or self._remaining):
            if self._written:
                self._remaining, self._written = self._remaining[sum(self._written) :], []
                continue
            if not self._remaining:
                batch = self.unsent[:]
                self._batch = self._encode_batch(batch)
                self._remaining, self.unsent[: len(batch)] = self._batch, ()
            self._send_some()

    def _encode_batch(self, batch: list[Any]) -> bytes:
        """Return a batch as one line, and choose where to send it."""
        if _STEP_EVENTS.issuperset(map(type, batch)) and not self._steps_full:
            self._target = self._steps
            return encode(batch)
        self._target = self._events
        return encode([self._steps_up_to_now(), *map(_with_data, batch)])

    def _steps_up_to_now(self) -> StepsUpTo:
        """Return the event that says how many bytes of steps are in their file."""
        return StepsUpTo(self._seek(self._steps, 0, os.SEEK_END))

    def _send_some(self) -> None:
        """Write as much as one call can."""
        try:
            self._written.extend(map(self._write, (self._target,), (self._remaining,)))
        except OSError:
            if self._target != self._steps:
                raise
            # The program has limited its file size: from here on everything goes through the pipe.
            end = self._steps_up_to_now().position - (len(self._batch) - len(self._remaining))
            self._truncate(self._steps, end)
            self._steps_full, self._target = True, self._events
            self._remaining = encode([StepsUpTo(end)]) + self._batch


def _with_data(event: Any) -> Event:
    """Return an event as it is sent: output includes its bytes only then."""
    sent: Event = event[0]._replace(data=event[1]) if type(event) is tuple else event
    return sent
