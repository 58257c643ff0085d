"""Sends rows of lines, as many as a record holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...limits import MAX_COUNTED_LINES, MAX_FRAMES, MAX_LINES, MAX_STEP_LINES
from ...trace.events import Change, Event, FrameBegan, LineReached, LinesCounted
from ..open_steps import OpenStep
from .known_frames import KnownFrame

NewValue = tuple[KnownFrame, str, "str | None"]
"""A `Change`, before its frame has a number."""


class StepLines:
    """The lines of an open step.

    Attributes:
        number: The step's number; None for a task that has started eagerly, whose step is announced
            only later.
        task: The number of its task.
        held: Rows to send once the step has a number, each with what follows that in `LineReached`.
        rows: How many rows were sent.
        more: How many lines were only counted, after that.
        first: The lowest line among those.
        last: The highest line among those.
    """

    __slots__ = ("number", "task", "held", "rows", "more", "first", "last")

    def __init__(self, step: OpenStep | None = None) -> None:
        self.number = None if step is None else step.number
        self.task = None if step is None else step.task_number
        self.held: list[tuple[int | None, int | None, tuple[Change, ...], int, int | None]] = []
        self.rows = self.more = self.first = self.last = 0

    @property
    def are_full(self) -> bool:
        """Whether lines are only counted from here on."""
        return self.rows >= MAX_STEP_LINES

    @property
    def are_counted(self) -> bool:
        """Whether lines are not even counted from here on."""
        return self.rows + self.more >= MAX_COUNTED_LINES


class LineRows:
    """Numbers frames, and sends rows and counts.

    Everything is sent at once, before the line runs, unless its step has no number yet.
    """

    def __init__(
        self, send: Callable[[Event], None], flush: Callable[[], None], now: Callable[[], int]
    ) -> None:
        """Prepare to send.

        Args:
            send: Takes each event.
            flush: Sends the events so far.
            now: Returns the microseconds since the program began.
        """
        self._send, self._flush, self._now = send, flush, now
        self._rows = self._numbered = 0

    def add(
        self,
        lines: StepLines,
        known: KnownFrame | None,
        line: int | None,
        values: list[NewValue],
        ready: int | None,
    ) -> bool:
        """Send a row.

        Args:
            lines: The lines of its step.
            known: The frame that the row belongs to.
            line: The line that is about to run.
            values: What has changed since the row before.
            ready: As in `LineReached`.

        Returns:
            Whether the record still had room for it.
        """
        fresh = _unannounced([*([] if known is None else [known]), *[one[0] for one in values]])
        if self._rows >= MAX_LINES or self._numbered + len(fresh) > MAX_FRAMES:
            return False
        lines.rows += 1
        self._rows += 1
        for one in fresh:
            self._announce(one)
        number = None if known is None else known.number
        changes = [Change(one.number or 0, name, text) for one, name, text in values]
        if lines.number is None:
            lines.held.append((number, line, tuple(changes), self._now(), ready))
        else:
            self._send(LineReached(lines.number, number, line, tuple(changes), self._now(), ready))
            self._flush()
        return True

    def release(self, lines: StepLines, step: OpenStep) -> None:
        """Send the rows of a step that has just been announced."""
        lines.number, lines.task = step.number, step.task_number
        held, lines.held = lines.held, []
        for row in held:
            self._send(LineReached(step.number, *row))
        if lines.more:
            self.send_count(lines)

    def _announce(self, known: KnownFrame) -> None:
        """Number a frame, and send that it began."""
        caller = known.caller.number if known.caller is not None else None
        # If a signal handler raises before the end, the number is used, and sent, once more.
        self._send(FrameBegan(self._numbered, known.code.function, known.task, caller))
        known.number, known.caller = self._numbered, None
        self._numbered += 1

    def count(self, lines: StepLines, line: int) -> None:
        """Count a line of a step that has as many rows as it may have."""
        lines.first = min(lines.first, line) if lines.more else line
        lines.last = max(lines.last, line)
        lines.more += 1
        # A program that is stopped within this step keeps the first count, or the full one.
        if lines.more == 1 or lines.are_counted:
            self.send_count(lines)

    def send_count(self, lines: StepLines) -> None:
        """Send how many lines of a step were counted so far."""
        if lines.number is not None:
            self._send(LinesCounted(lines.number, lines.more, lines.first, lines.last))
            self._flush()


def _unannounced(frames: Iterable[KnownFrame]) -> list[KnownFrame]:
    """Return which frames have no numbers yet, and their callers likewise, callers first."""
    found: dict[KnownFrame, None] = {}
    for known in frames:
        chain = []
        one: KnownFrame | None = known
        while one is not None and one.number is None and one not in found:
            chain.append(one)
            one = one.caller
        found.update(dict.fromkeys(reversed(chain)))
    return [*found]
