"""The lines of one step as events of a replay."""

from __future__ import annotations

from ..trace.index import TraceIndex
from ..trace.lines import Line as StepLine
from ..trace.model import Trace
from .moments import Entry, Line, Value


class StepLines:
    """Hands out the lines that a step ran, in order.

    The step's beginning shows its first line, unless the step resumes at a line that has begun
    before. What a line prints, and the variables that it changes, are there when the next one
    begins.

    Attributes:
        line: The line that is next when the step begins.
        frame: The call that this line belongs to; None if lines are not known.
    """

    def __init__(self, trace: Trace, number: int) -> None:
        """Prepare the lines of a step.

        Args:
            trace: The run.
            number: The step's index.
        """
        index, step = TraceIndex.for_trace(trace), trace.steps[number]
        self._rows = list(step.lines)
        self._values: list[Value] = []
        self._at, self._queue = step.time, step.ready
        self.line = step.resumed_line
        first = next((row for row in self._rows if row.line is not None), None)
        self.frame = None if first is None else first.frame
        begins = step.task is None or index.is_first(number)
        if first is not None and (begins or first.line == step.resumed_line):
            self.line = first.line
            while self._take() is not first:
                pass
        self._ran = 0  # how many lines have begun since the step did
        lines = [self.line, *(row.line for row in self._rows if row.line is not None)]
        self._printed = _printed_by(lines, index.output.numbers_of_step(number))

    def changed_values(self) -> tuple[Value, ...]:
        """Return the variables that have changed since this was last asked."""
        values, self._values = tuple(self._values), []
        return values

    def up_to(self, line: int | None, ready: tuple[Entry, ...]) -> list[Line]:
        """Return the next lines, up to the one that is a certain line of the source.

        Args:
            line: The line of the source. None for all; if it is not among them, there are none.
            ready: The ready queue as the last event left it.
        """
        if line is not None and all(row.line != line for row in self._rows):
            return []
        events: list[Line] = []
        # the step's end lists what was added, if that is less than such a list holds
        known, queue = len(ready), self._queue
        if queue[:known] != ready:
            queue = ()
        while self._rows:
            row = self._take()
            if row.line is not None and row.frame is not None:
                printed = self._printed.get(self._ran)
                self._ran += 1
                at = self._time_passed(row.at)
                woken = queue[known : row.ready or 0]
                known += len(woken)
                values = self.changed_values()
                events.append(Line(row.line, row.frame, printed, values, at, woken))
            if line is not None and row.line == line:
                break
        return events

    def _time_passed(self, at: float | None) -> float | None:
        """Return the time of a row, unless readers would see the same as before."""
        if at is None or round(at, 3) == round(self._at, 3):
            return None
        self._at = at
        return at

    def _take(self) -> StepLine:
        """Take the next row, and keep the changes that come with it."""
        row = self._rows.pop(0)
        self._values += [(one.frame, one.name, one.text) for one in row.changes]
        return row


def _printed_by(lines: list[int | None], output: list[tuple[int, int | None]]) -> dict[int, int]:
    """Return how many lines of output there are after some lines of a step.

    Args:
        lines: The lines of the source that ran, in order.
        output: The number of each line of output, and the line of the source that printed it.

    Returns:
        The number of lines of output by position in `lines`; only where it has changed.
    """
    printed: dict[int, int] = {}
    place = -1
    for position, (number, line) in enumerate(output):
        left = sum(one == line for _, one in output[position:])
        # In a loop a line prints again each time; else what it prints has several lines.
        begin = place + 1 if lines[place + 1 :].count(line) >= left else max(place, 0)
        if line not in lines[begin:]:
            continue
        place = lines.index(line, begin)
        printed[place] = number + 1
    return printed
