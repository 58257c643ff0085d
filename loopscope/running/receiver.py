"""Receives what a running program sends: the events of its recording, and its output.

A `Receiver` reads the supervisor's ends of the program's pipes and keeps the events in the order
in which they came. It decides nothing about the program; that is for `supervisor` to do while the
program runs, and for `outcome` once it has ended.
"""

from __future__ import annotations

import fcntl
import os
import sys
import termios
import time
from collections.abc import Callable

from ..limits import MAX_EVENTS, MAX_OUTPUT_PIECES, MAX_RECORD_LENGTH
from ..trace.encoding import decode
from ..trace.events import (
    Event,
    Exiting,
    FileKnown,
    Interrupted,
    Note,
    Printed,
    Started,
    StepsUpTo,
    Stopped,
    Stream,
    Unrecorded,
)
from .program import Pipes, Program

_PIECE = 1_048_576  # bytes that are read at once
_VIRTUAL_CLOCK_THRESHOLD = 32_768  # bytes in a pipe, half of what it holds


class Receiver:
    """The events and the output of one program, as they arrive.

    Attributes:
        events: All events so far, in order of arrival.
        file: The program's file, as tracebacks name it; empty until it is known.
        stopped: Why the program is being ended, or None. Set here when the recording itself ends
            the program, and by the supervisor when it does.
        stopped_by_program: Whether the recording itself, inside the program, ended it.
        exiting: The interpreter's announcement that it is about to end.
        events_closed: Whether the program has closed its end of the events, mostly because it has
            ended.
        unrecorded: Whether the program runs without the recorder.
        output_bytes: Bytes that the program has printed, those beyond the limit included.
        interrupted_at: When (monotonic clock) a Ctrl-C was deferred that may still have to be
            delivered; None if there is none.
        last_event_at: Time of the latest event, in microseconds since the program began.
        max_output: Bytes of output that are kept.
        began: When the program began (monotonic clock).
        partial_event: Bytes of an event that has not arrived completely.
        steps_size: Bytes in the file of steps.
    """

    def __init__(
        self,
        program: Program,
        pipes: Pipes,
        max_output: int,
        echo: Callable[[str, bytes], None] | None,
    ) -> None:
        """Prepare to receive.

        Args:
            program: The program that sends.
            pipes: The pipes it sends through.
            max_output: Bytes of output to keep.
            echo: Called with (stream, bytes) as output arrives.
        """
        self.events: list[Event] = []
        self.file = ""
        self.stopped: str | None = None
        self.stopped_by_program = False
        self.exiting: Exiting | None = None
        self.events_closed = False
        self.unrecorded = False
        self.output_bytes = 0
        self.interrupted_at: float | None = None
        self.last_event_at = 0
        self.began = time.monotonic()
        self.partial_event = b""
        self.steps_size = 0
        self._steps_read = 0  # bytes of them
        self._partial_step = b""
        self._program = program
        self._pipes = pipes
        self.max_output = max_output
        self._echo = echo
        self._output_pieces = 0
        self._noted_garbage = False
        self._had_pending_output = False

    @property
    def started(self) -> bool:
        """Whether the recording has begun."""
        return any(isinstance(event, Started) for event in self.events)

    @property
    def on_virtual_clock(self) -> bool:
        """Whether the program really runs on the virtual clock."""
        return self._program.clock == "virtual" and not self.unrecorded

    @property
    def output_exceeded(self) -> bool:
        """Whether the program has printed more than is kept."""
        return self.output_bytes > self.max_output

    def elapsed(self) -> int:
        """Return the microseconds since the program began, on the machine's clock."""
        return round((time.monotonic() - self.began) * 1e6)

    def receive(self) -> bool:
        """Read the events that have arrived, without waiting for more.

        Returns:
            Whether there were any.
        """
        if self.events_closed:
            return False
        size = os.fstat(self._pipes.steps[0]).st_size
        more_steps, self.steps_size = size != self.steps_size, size
        try:
            data = os.read(self._pipes.events[0], _PIECE)
        except BlockingIOError:
            return more_steps
        if not data:
            self.events_closed = True
            return more_steps
        *lines, self.partial_event = (self.partial_event + data).split(b"\n")
        self._add_lines(lines)
        return True

    def read_steps(self, position: int | None = None) -> None:
        """Read the steps in their file.

        Args:
            position: Up to where, in bytes; None for all that are there.
        """
        if position is None:
            position = os.fstat(self._pipes.steps[0]).st_size
        end = min(position, MAX_RECORD_LENGTH)
        # Piece by piece: of what a program forges, no more than it takes to stop it.
        while self._steps_read < end and len(self.events) <= MAX_EVENTS:
            size = min(_PIECE, end - self._steps_read)
            data = os.pread(self._pipes.steps[0], size, self._steps_read)
            if not data:
                break  # the program has emptied the file
            self._steps_read += len(data)
            *lines, self._partial_step = (self._partial_step + data).split(b"\n")
            self._add_lines(lines)

    def _add_lines(self, lines: list[bytes]) -> None:
        """Add the events of lines that have arrived."""
        for line in lines:
            try:
                events = decode(line)
            except ValueError:
                note = Note("it wrote into the recording's own descriptor")
                events = [] if self._noted_garbage else [note]
                self._noted_garbage = True
            for event in events:
                self._add(event)

    def read_pending_output(self) -> None:
        """Read output that the program does not read itself: it is busy, waits, or runs no Python.

        The recorder may be about to read what has only just been written, so only output that was
        already there at the last call is taken. On the virtual clock nothing may depend on how
        fast the machine is: there, only output that keeps the program from going on is taken.
        """
        threshold = (
            _VIRTUAL_CLOCK_THRESHOLD if self.on_virtual_clock and not self.events_closed else 1
        )
        pipes = (self._pipes.stdout[0], self._pipes.stderr[0])
        pending = any(_unread_bytes(pipe) >= threshold for pipe in pipes)
        if pending and self._had_pending_output:
            self._read_output()
        self._had_pending_output = pending

    def drain(self) -> None:
        """Read all that is left in the pipes once the program has ended."""
        while self.receive():
            pass
        self._read_output()

    def _add(self, event: Event) -> None:
        """Add an event that has arrived."""
        if isinstance(event, Printed):
            self._add_output(event)
            return
        if isinstance(event, StepsUpTo):
            self.read_steps(event.position)
            return
        if isinstance(event, Started):
            self.began, self.file = event.at, event.file
        else:
            self.last_event_at = max(self.last_event_at, getattr(event, "at", None) or 0)
        if isinstance(event, FileKnown):
            self.file = event.path
        elif isinstance(event, Exiting):
            self.exiting = event
        elif isinstance(event, Stopped):
            self.stopped, self.stopped_by_program = event.why, True
        elif isinstance(event, Unrecorded):
            self.unrecorded = True
        elif isinstance(event, Interrupted):
            self.interrupted_at = time.monotonic()
        self.events.append(event)

    def _add_output(self, event: Printed) -> None:
        """Add a piece of output, as far as the limit allows."""
        data = event.data[: max(0, self.max_output - self.output_bytes)]
        self.output_bytes += len(event.data)
        if not data:
            return
        if self._echo:
            self._echo(event.stream, data)
        self.last_event_at = max(self.last_event_at, event.at)
        self._output_pieces += 1
        last = self.events[-1] if self._output_pieces > MAX_OUTPUT_PIECES else None
        if isinstance(last, Printed) and last.stream == event.stream:
            self.events[-1] = last._replace(data=last.data + data)
        else:
            self.events.append(event._replace(data=data))

    def _read_output(self) -> None:
        """Read all output that is in the pipes."""
        self.read_steps()
        now = self.last_event_at if self.on_virtual_clock else self.elapsed()
        pipes: dict[Stream, int] = {
            "stdout": self._pipes.stdout[0],
            "stderr": self._pipes.stderr[0],
        }
        for stream, pipe in pipes.items():
            while not self.output_exceeded:
                try:
                    data = os.read(pipe, 65_536)
                except BlockingIOError:
                    break
                if not data:
                    break
                self._add(Printed(now, stream, None, None, None, outside=True, data=data))


def _unread_bytes(pipe: int) -> int:
    """Return how many bytes are waiting in a pipe."""
    count = bytearray(4)
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return int.from_bytes(count, sys.byteorder)
