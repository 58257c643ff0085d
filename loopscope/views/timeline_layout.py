"""What a timeline shows, and where: its rows and the marks in each. Nothing here knows about SVG.

Coordinates and widths are in units of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..trace.index import TraceIndex
from ..trace.model import BLOCKED_SECONDS, Task, Trace, Wait
from .axis import Axis

MAX_TASKS_DRAWN = 12
WIDTH, LEFT, RIGHT = 640.0, 10.0, 12.0
LETTER = 6.1  # width of a letter in small type
_MAX_PRINTS_DRAWN = 50  # per step


@dataclass(frozen=True)
class Label:
    """What a task waits for, above the middle of the line that shows the waiting."""

    x: float
    text: str


@dataclass(frozen=True)
class Blocked:
    """A step that held the loop for a long time."""

    left: float
    width: float
    seconds: float


@dataclass(frozen=True)
class End:
    """How a task ended, or (`pending`) that it continues beyond the picture."""

    x: float
    outcome: str


@dataclass(frozen=True)
class Fold:
    """Idle time that is drawn shorter than it is."""

    x: float


@dataclass
class Row:
    """The marks of one task, or of all callbacks together; marks on the same spot appear once."""

    runs: list[tuple[float, float]] = field(default_factory=list)  # (left, right)
    waits: list[tuple[float, float]] = field(default_factory=list)  # (left, right)
    ready: list[tuple[float, float]] = field(default_factory=list)  # (left, right)
    late: list[tuple[float, float]] = field(default_factory=list)  # (left, right)
    prints: dict[int, tuple[float, str]] = field(default_factory=dict)  # rounded x -> (x, text)
    others: list[Label | Blocked | End | Fold] = field(default_factory=list)


class Layout:
    """Everything in the picture of a trace, with its position.

    Attributes:
        tasks: The tasks that have a row.
        steps: Indices of the steps that are drawn.
        axis: The time axis.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace, self._index = trace, TraceIndex.for_trace(trace)
        self.tasks = self._index.program_tasks[:MAX_TASKS_DRAWN]
        numbers = {None, *(task.id for task in self.tasks)}
        internal = self._index.internal_steps
        self.steps = [
            index
            for index, step in enumerate(trace.steps)
            if index not in internal and step.task in numbers
        ]
        self.axis = Axis(trace, self.steps, LEFT, WIDTH - RIGHT)

    def steps_of(self, number: int | None) -> list[int]:
        """Return the steps of a task that are drawn; for None, those of callbacks."""
        return [index for index in self._index.steps_of(number) if index in self.axis.spans]

    def task_row(self, task: Task) -> Row:
        """Return a task's steps, what is between them, and its end."""
        axis, row = self.axis, Row()
        steps = self.steps_of(task.id)
        x = begins = self._birth(task, steps)
        wait: Wait | None = Wait("turn")
        previous = None
        for index in steps:
            span = axis.spans[index]
            self._add_pause(row, task, previous, index, (x, span.left), wait)
            self._add_step(row, index)
            x, previous, wait = span.right, index, self._trace.steps[index].waiting_on
        # the task continues beyond the end of the picture
        goes_on = task.ended is None or not self._trace.has_all_steps_of(task)
        if goes_on:
            self._add_pause(row, task, previous, None, (x, axis.end), wait)
            row.others.append(End(axis.end, "pending"))
        elif steps:
            row.others.append(End(x, task.outcome))
        row.others += [
            Fold(place) for place, _ in axis.folds if begins < place < (axis.end if goes_on else x)
        ]
        row.runs = _merged(row.runs)
        return row

    def callback_row(self) -> Row:
        """Return the steps of callbacks that belong to no task."""
        row = Row()
        for index in self.steps_of(None):
            self._add_step(row, index)
        row.runs = _merged(row.runs)
        return row

    def _birth(self, task: Task, steps: list[int]) -> float:
        """Return where a task's row begins: in the step that created it."""
        spans = self.axis.spans
        # A task that was started eagerly was never in the ready queue; before a task that no other
        # has created, nothing runs.
        if steps and (task.parent is None or self._trace.steps[steps[0]].within in spans):
            return spans[steps[0]].left
        creating = self._index.creating_step(task)
        if creating in spans:
            return spans[creating].left + min(
                3.0, (spans[creating].right - spans[creating].left) / 3
            )
        return self.axis.x_at(task.created)

    def _add_pause(
        self,
        row: Row,
        task: Task,
        previous: int | None,
        following: int | None,
        reach: tuple[float, float],
        wait: Wait | None,
    ) -> None:
        """Add what is between two steps of a task: waiting, then perhaps being ready.

        Args:
            row: The task's row.
            task: The task.
            previous: Its step before; None if there is none.
            following: Its step after; None if there is none.
            reach: Where the pause begins and ends.
            wait: What the task waits for.
        """
        left, right = reach
        if right - left < 1:
            return
        if wait is not None and wait.only_yields:
            row.ready.append((left, right))
            return
        turned = right
        if previous is not None:
            last = following if following is not None else len(self._trace.steps)
            freed = next(
                (
                    index
                    for index in range(previous + 1, last)
                    if self._index.is_ready(task.id, index)
                ),
                None,
            )
            if freed is not None:
                turned = min(right, max(left, self.axis.x_after(freed)))
        if right - turned > 4:
            row.ready.append((turned, right))
        else:
            turned = right
        due = min(turned, max(left, self._due(task, previous, turned)))
        if turned - due > 4:
            row.late.append((due, turned))
        else:
            due = turned
        row.waits.append((left, due))
        label = "" if wait is None else self._label(wait, due - left - 4)
        if label:
            row.others.append(Label((left + due) / 2, label))

    def _label(self, wait: Wait, room: float) -> str:
        """Return as much of a wait's text as there is room for; empty if that says nothing."""
        letters = int(room / (LETTER - 0.6))
        label = self._index.wait_text(wait).replace("`", "")
        short = wait.length if wait.kind == "sleep" else label
        if len(label) <= letters:
            return label
        if len(short) <= letters:
            return short
        return shortened(label, letters) if letters >= 6 else ""

    def _due(self, task: Task, previous: int | None, otherwise: float) -> float:
        """Return where a task's timer is due, if the loop is blocked then and notices it later.

        Args:
            task: The task.
            previous: The step after which it waits; None if there is none.
            otherwise: What to return if the timer is on time, or there is none.
        """
        if previous is None:
            return otherwise
        timers = self._trace.steps[previous].timers
        due = next((when for when, who in timers if who == task.id), None)
        return otherwise if due is None else self.axis.x_within(due, otherwise)

    def _add_step(self, row: Row, index: int) -> None:
        """Add a step's bar, and what the step printed."""
        span, held = self.axis.spans[index], self._index.seconds_held(index)
        width = max(2.0, span.right - span.left - 1)
        if held < BLOCKED_SECONDS:
            row.runs.append((span.left, span.left + width))
        else:
            row.others.append(Blocked(span.left, width, held))
        inside = self.axis.inside(index)
        began = self._trace.steps[index].time
        for place, (number, piece) in enumerate(
            self._index.output.of_step(index)[:_MAX_PRINTS_DRAWN]
        ):
            left = span.left
            if held >= BLOCKED_SECONDS:
                left += (piece.time - began) / held * max(0.0, width - 6) - place * 4
            elif inside and self._is_after(number, inside):
                left = self.axis.spans[inside[-1]].right
            room = max(1, int((span.right - left) / 4))
            x = left + 2 + (place % room) * 4
            row.prints.setdefault(round(x / 2), (x, piece.text))

    def _is_after(self, number: int, inside: list[int]) -> bool:
        """Return whether a piece of output was printed after the first output of nested steps.

        If these print nothing, it must have been printed after the first of them ended.

        Args:
            number: Index of the piece.
            inside: The nested steps.
        """
        first = min(
            (other for index in inside for other, _ in self._index.output.of_step(index)),
            default=None,
        )
        return (
            number > first
            if first is not None
            else self._trace.output[number].time > self._trace.steps[inside[0]].end
        )


def step_positions(trace: Trace) -> dict[int, tuple[float, float]]:
    """Return the left and the right edge of each step that is drawn, by the step's index."""
    return {
        index: (round(span.left, 1), round(span.right, 1))
        for index, span in Layout(trace).axis.spans.items()
    }


def shortened(text: str, length: int) -> str:
    """Return a text cut to some number of letters, with a sign that there is more."""
    return text if len(text) <= length else text[: max(1, length - 1)] + "…"


def _merged(bars: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return bars from left to right, with those merged that could not be told apart."""
    result: list[tuple[float, float]] = []
    for left, right in bars:
        if result and left - result[-1][1] < 0.5:
            result[-1] = (result[-1][0], max(right, result[-1][1]))
        else:
            result.append((left, right))
    return result
