"""The time axis of a timeline: where its steps and moments are, from left to right.

The axis is not quite linear. Most steps of an event loop take no time worth drawing, but readers
are here for their order: so each step gets a small fixed width, and the time between steps is drawn
to scale. Idle time that would leave no room for anything else is folded.

Coordinates and widths are in units of the picture.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from ..trace.index import TraceIndex
from ..trace.model import BLOCKED_SECONDS, Trace

STEP_WIDTH = 9.0  # of a step that takes no time, if there is room
# Both are multiples of all shorter gaps and all busy time together: the length at which a longer
# gap is drawn, and the length from which on it is folded.
_FOLDED_LENGTH = 6
_FOLDING_THRESHOLD = 12


@dataclass(frozen=True)
class Span:
    """The left and the right edge of a step."""

    left: float
    right: float


class Axis:
    """The positions of everything between two edges of a timeline.

    Attributes:
        spans: For each step that is drawn, by index, its position.
        ticks: Where time begins or has passed, as (x, seconds).
        folds: Gaps that are drawn shorter than they are, as (x, seconds).
        end: Where the last step ends.
    """

    def __init__(self, trace: Trace, shown: list[int], left: float, right: float) -> None:
        """Lay out a timeline.

        Args:
            trace: The run.
            shown: Indices of the steps that are drawn.
            left: Left edge.
            right: Right edge.
        """
        self.spans: dict[int, Span] = {}
        self.ticks: list[tuple[float, float]] = [(left, 0.0)]
        self.folds: list[tuple[float, float]] = []
        self._trace, self._order = trace, sorted(shown)
        self._index = TraceIndex.for_trace(trace)
        known = set(shown)
        self._inside = {
            outer: inner
            for outer in shown
            if (inner := [one for one in self._index.steps_inside(outer) if one in known])
        }  # the steps that ran inside each
        outer = [index for index in shown if trace.steps[index].within not in known]
        gaps, now = [], 0.0
        until = trace.duration if trace.steps_cut is None else trace.steps_cut
        # Shorter gaps are the loop's own turns or, on the real clock, the noise of the machine.
        least = 0.0005 if trace.clock == "virtual" else max(0.002, min(0.02, trace.duration / 200))
        for time, end in [
            *((trace.steps[index].time, trace.steps[index].end) for index in outer),
            (until, until),
        ]:
            gaps.append(time - now if time - now >= least else 0.0)
            now = max(now, end)
        busy = sum(map(self._length, shown))
        limit = _longest_gap(gaps, busy)
        drawn = sum(min(gap, limit) for gap in gaps) + busy
        boxes = len(shown) + sum(map(len, self._inside.values())) / 2
        self._step = min(
            STEP_WIDTH if drawn else 8 * STEP_WIDTH,
            (0.45 if drawn else 0.98) * (right - left) / max(1.0, boxes),
        )
        self._scale = (right - left - self._step * boxes) / drawn if drawn else 0.0
        x, now = left, 0.0
        following: list[int | None] = [*outer, None]
        for gap, step in zip(gaps, following, strict=True):
            end = x + min(gap, limit) * self._scale
            if gap > limit:
                self.folds.append(((x + end) / 2, gap))
            if gap:
                self.ticks.append((end, now + gap))
            x = end
            if step is not None:
                x = self._lay_out(step, x)
                now = max(now + gap, trace.steps[step].end)
                if trace.steps[step].end - trace.steps[step].time >= BLOCKED_SECONDS:
                    self.ticks.append((x, now))
        self.end = x

    def x_at(self, time: float) -> float:
        """Return where a moment is: the beginning of the first step that has not ended before it.

        Args:
            time: Seconds since the program began.
        """
        return next(
            (
                self.spans[index].left
                for index in self._order
                if self._trace.steps[index].end >= time
            ),
            self.end,
        )

    def x_within(self, time: float, otherwise: float) -> float:
        """Return where a moment is within a step that holds the loop for long.

        Args:
            time: Seconds since the program began.
            otherwise: What to return if no such step was running then.
        """
        for index in self._order:
            step, span = self._trace.steps[index], self.spans[index]
            if step.time <= time < step.end and self._length(index):
                share = (time - step.time) / (step.end - step.time)
                return span.left + share * (span.right - span.left)
        return otherwise

    def x_after(self, index: int) -> float:
        """Return where the moment after a step is, drawn or not."""
        if index in self.spans:
            return self.spans[index].right
        following = bisect.bisect(self._order, index)
        return self.spans[self._order[following]].left if following < len(self._order) else self.end

    def _length(self, index: int) -> float:
        """Return the seconds of a step that are drawn to scale, without the steps inside it."""
        held = self._index.seconds_held(index)
        return held if held >= BLOCKED_SECONDS else 0.0

    def _lay_out(self, outer: int, x: float) -> float:
        """Lay out a step and those inside it, which may be nested deeper than Python's own stack.

        Args:
            outer: Index of the step.
            x: Where it begins.

        Returns:
            Where it ends.
        """
        lefts: dict[int, float] = {}
        waiting = [(outer, False)]
        while waiting:
            index, inner_placed = waiting.pop()
            if inner_placed:
                x += self._step + self._length(index) * self._scale
                self.spans[index] = Span(lefts[index], x)
                continue
            x += self._step / 2 if index != outer else 0.0
            lefts[index] = x
            waiting += [(index, True), *((other, False) for other in reversed(self.inside(index)))]
        return x

    def inside(self, index: int) -> list[int]:
        """Return the steps that are drawn inside a step."""
        return self._inside.get(index, [])


def _longest_gap(gaps: list[float], busy: float) -> float:
    """Return the length of the longest gap that is not folded."""
    before = busy
    for gap in sorted(gaps):
        if 0 < _FOLDING_THRESHOLD * before < gap:
            return _FOLDED_LENGTH * before
        before += gap
    return max(gaps)
