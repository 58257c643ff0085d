"""Where steps and moments stand in a timeline, from left to right.

In:  a `Trace` and the steps to place. Out: an `Axis`.

The axis is not quite linear. Most steps of an event loop take no time worth drawing, but their
order is what a reader came for: so each step gets a small width of its own, and the time that
passes between steps is drawn to scale. An idle stretch that would leave no room for anything else
is folded.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from ..trace.index import TraceIndex
from ..trace.model import BLOCKED, Trace

STEP = 9.0  # width of a step that takes no time, where there is room
# an idle stretch is drawn at most so many times as long as all shorter ones and all busy time
# together
_FOLDED = 6
_WORTH_FOLDING = 12  # and is folded only when it is so many times as long


@dataclass(frozen=True)
class Span:
    """Where a step stands."""

    left: float
    right: float


class Axis:
    """Places, in the unit of `left` and `right`, between which everything is laid out."""

    def __init__(self, trace: Trace, shown: list[int], left: float, right: float) -> None:
        self.spans: dict[int, Span] = {}  # by index of the step
        # (place, time), where time begins or has passed
        self.ticks: list[tuple[float, float]] = [(left, 0.0)]
        # (place, seconds) of stretches that are drawn shorter than they are
        self.folds: list[tuple[float, float]] = []
        self._trace, self._order = trace, sorted(shown)
        self._index = TraceIndex.of(trace)
        known = set(shown)
        self._inside = {
            outer: inner
            for outer in shown
            if (inner := [one for one in self._index.steps_inside(outer) if one in known])
        }  # steps that ran inside of another (started eagerly)
        outer = [index for index in shown if trace.steps[index].within not in known]
        gaps, now = [], 0.0
        until = trace.duration if trace.steps_cut is None else trace.steps_cut
        # What is shorter is the turns of the loop, or on a real clock the noise of the machine.
        least = 0.0005 if trace.clock == "virtual" else max(0.002, min(0.02, trace.duration / 200))
        for time, end in [
            *((trace.steps[index].time, trace.steps[index].end) for index in outer),
            (until, until),
        ]:
            gaps.append(time - now if time - now >= least else 0.0)
            now = max(now, end)
        busy = sum(map(self._length, shown))
        limit = _limit(gaps, busy)
        drawn = sum(min(gap, limit) for gap in gaps) + busy
        boxes = len(shown) + sum(map(len, self._inside.values())) / 2
        self._step = min(
            STEP if drawn else 3 * STEP,
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
                x = self._place(step, x)
                now = max(now + gap, trace.steps[step].end)
                if trace.steps[step].end - trace.steps[step].time >= BLOCKED:
                    self.ticks.append((x, now))
        self.end = x

    def at(self, time: float) -> float:
        """The place of a moment: at the beginning of the first step that does not end before it."""
        return next(
            (
                self.spans[index].left
                for index in self._order
                if self._trace.steps[index].end >= time
            ),
            self.end,
        )

    def after(self, index: int) -> float:
        """The place of the moment after a step, drawn or not."""
        if index in self.spans:
            return self.spans[index].right
        following = bisect.bisect(self._order, index)
        return self.spans[self._order[following]].left if following < len(self._order) else self.end

    def _length(self, index: int) -> float:
        """Seconds of a step that are drawn to scale; those of steps inside of it are theirs."""
        held = self._index.held(index)
        return held if held >= BLOCKED else 0.0

    def _place(self, outer: int, x: float) -> float:
        """Give a step and those inside of it their spans, from `x` on. They may be nested deeper
        than Python's own stack allows.

        Returns:
            Where the step ends.
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
        """The steps that are drawn inside of this one."""
        return self._inside.get(index, [])


def _limit(gaps: list[float], busy: float) -> float:
    """The longest that an idle stretch is drawn: those that dwarf everything shorter are folded."""
    before = busy
    for gap in sorted(gaps):
        if 0 < _WORTH_FOLDING * before < gap:
            return _FOLDED * before
        before += gap
    return max(gaps)
