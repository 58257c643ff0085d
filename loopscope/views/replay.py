"""A run as the stepper replays it: what a reader sees at each step.

A moment shows the loop as the step leaves it, with the task that ran still shown as running.
Asyncio's own steps have moments too, which a stepper may leave out: what they cause is part of the
text of the step that follows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..trace.index import TraceIndex
from ..trace.model import Trace, and_more
from .narration import Sentence, narrate
from .timeline_layout import step_positions
from .wording import cut_notice, describe_outcome

MAX_MOMENTS = 2_000
"""Moments in a replay. A longer run is cut off there, and the replay says so."""

MAX_LISTED_TASKS = 12
"""Tasks that a moment lists as waiting, and as finished; of the others it has only the number."""


@dataclass(frozen=True)
class Moment:
    """What is shown during one step. Tasks are identified by number."""

    time: float  # seconds since the program began
    cause: str  # what made this step possible ("The timer of Task-2 is due. "), or empty
    text: str  # what happens in it
    internal: bool  # whether the step is asyncio's own
    running: int | None  # the task that runs
    line: int | None  # where it resumes
    suspended: tuple[tuple[int, int], ...]  # (task, line) of other tasks
    ready: tuple[int | str, ...]  # the ready queue, in order
    waiting: tuple[tuple[int, str, float | None], ...]  # (task, for what, seconds left)
    finished: tuple[tuple[int, str], ...]  # (task, how), those that finished last
    more: tuple[int, int]  # how many others wait, and have finished
    lines_printed: int  # lines of output so far
    x: float | None  # where it is in the timeline, in units of the picture


def replay(trace: Trace, source: str) -> list[Moment]:
    """Return a moment for each step and one for the end, at most `MAX_MOMENTS` in all.

    A step that others ran inside has two: one before they run, and one in which it continues.

    Args:
        trace: The run.
        source: The program's text.
    """
    return _replay(trace, source)[0]


def _replay(trace: Trace, source: str) -> tuple[list[Moment], int]:
    """Return the moments, and how many more there would have been."""
    builder = MomentBuilder(trace)
    for sentence in narrate(trace, source):
        if not sentence.steps:
            continue  # it is about the end, as is the last moment
        builder.close(trace.steps[sentence.steps[-1]].within)
        for number in sentence.steps[:-1]:
            builder.add_internal(number)
        builder.open(sentence)
    builder.close(None)
    return (
        (builder.moments, builder.left_out)
        if builder.left_out
        else ([*builder.moments, *builder.end()], 0)
    )


class MomentBuilder:
    """Builds one moment after another, keeping track of where each task is."""

    def __init__(self, trace: Trace) -> None:
        self.moments: list[Moment] = []
        self.left_out = 0
        self._trace, self._index = trace, TraceIndex.for_trace(trace)
        self._step_positions = step_positions(trace)
        self._latest: dict[int, int] = {}  # each task's latest step so far
        self._alive: dict[int, None] = {}  # in order of creation
        self._finished: list[int] = []
        self._open: list[Sentence] = []  # of steps that others run inside now

    def open(self, sentence: Sentence) -> None:
        """Begin the step of a sentence; if nothing runs inside it, end it too."""
        number = sentence.steps[-1]
        inside = self._index.steps_inside(number)
        if not inside:
            self._add(number, _without_cause(sentence), sentence.cause)
            return
        step = self._trace.steps[number]
        name = self._trace.task(step.task).name if step.task else "A callback"
        does = (
            "creates a task that starts at once, before `create_task()` has returned"
            if self._index.is_eager(inside[0])
            else "lets the loop run inside of its own step"
        )
        self._add(number, f"{name} runs, and {does}.", sentence.cause, half=True)
        self._open.append(sentence)

    def close(self, within: int | None) -> None:
        """End the open steps, except the step `within` and those that it runs inside."""
        while self._open and self._open[-1].steps[-1] != within:
            sentence = self._open.pop()
            self._add(sentence.steps[-1], f"Still the same step: {_without_cause(sentence)}")

    def add_internal(self, number: int) -> None:
        """Add one of asyncio's own steps."""
        step = self._trace.steps[number]
        if step.task is not None:
            self._add(
                number,
                f"asyncio's own task `{self._trace.task(step.task).coro}` has a step.",
                internal=True,
            )
            return
        woken = [self._trace.task(task).name for task in self._index.woken(number)]
        effect = f" It makes {' and '.join(woken)} ready." if woken else ""
        self._add(number, f"asyncio's own callback `{step.what}` runs.{effect}", internal=True)

    def _add(
        self, number: int, text: str, cause: str = "", *, internal: bool = False, half: bool = False
    ) -> None:
        """Add the moment of a step.

        Args:
            number: Index of the step.
            text: What happens in it.
            cause: What made it possible.
            internal: Whether it is asyncio's own.
            half: Whether steps inside it are still to come, so that it has not ended.
        """
        if len(self.moments) == MAX_MOMENTS:
            self.left_out += 1
            return
        trace, index, step = self._trace, self._index, self._trace.steps[number]
        self._alive.update(dict.fromkeys(index.tasks_from(number)))
        running = {step.task, *(trace.steps[sentence.steps[-1]].task for sentence in self._open)}
        others = [task for task in self._alive if task not in running and task in self._latest]
        ready = index.ready_tasks(number)
        waiting = [task for task in others if task not in ready]
        due = {subject: when for when, subject in reversed(step.timers)}
        self.moments.append(
            Moment(
                time=step.time,
                cause=cause,
                text=text,
                internal=internal,
                running=step.task,
                line=step.resumed_line,
                suspended=tuple(
                    (task, line)
                    for task in others[:MAX_LISTED_TASKS]
                    if (line := trace.steps[self._latest[task]].suspended_line)
                ),
                ready=()
                if half
                else (*step.ready, *([and_more(step.ready_more)] if step.ready_more else [])),
                waiting=tuple(
                    (
                        task,
                        trace.steps[self._latest[task]].wait_text,
                        round(due[task] - step.end, 6) if task in due else None,
                    )
                    for task in waiting[:MAX_LISTED_TASKS]
                ),
                finished=tuple(
                    (task, describe_outcome(trace.task(task)))
                    for task in self._finished[-MAX_LISTED_TASKS:]
                ),
                more=(len(waiting[MAX_LISTED_TASKS:]), len(self._finished[:-MAX_LISTED_TASKS])),
                lines_printed=index.output.lines_before_inside(number)
                if half
                else index.output.lines_after(number),
                x=self._step_positions.get(number),
            )
        )
        if step.task is not None and not half:
            self._latest[step.task] = number
            task = trace.task(step.task)
            if index.is_last(number) and (
                index.ends_in(number)
                or (task.outcome == "destroyed" and trace.has_all_steps_of(task))
            ):
                self._alive.pop(step.task, None)
                self._finished.append(step.task)

    def end(self) -> list[Moment]:
        """Return the moment at which everything is over."""
        if not self.moments:
            return []
        trace, tasks = self._trace, self._index.program_tasks
        how = (
            f"ends with exit status {trace.exit}"
            if isinstance(trace.exit, int)
            else f"is ended by {trace.exit}"
        )
        how = (
            f"The program was stopped: {trace.stopped}." if trace.stopped else f"The program {how}."
        )
        how = f"{cut_notice(trace)} {how}" if cut_notice(trace) else how
        fates = tuple((task.id, describe_outcome(task)) for task in tasks[-MAX_LISTED_TASKS:])
        lines_printed = len(self._index.output.lines)
        return [
            Moment(
                trace.duration,
                "",
                how,
                False,
                None,
                None,
                (),
                (),
                (),
                fates,
                (0, len(tasks[:-MAX_LISTED_TASKS])),
                lines_printed,
                None,
            )
        ]


def _without_cause(sentence: Sentence) -> str:
    return sentence.text[len(sentence.cause) :]


def to_json(trace: Trace, source: str) -> dict[str, Any]:
    """Return what the stepper needs to know about a run, as data for JSON."""
    moments, left_out = _replay(trace, source)
    return {
        "file": trace.file,
        "tasks": [[task.name, task.coro] for task in trace.tasks],
        "output": [
            [line.time, line.stream, line.line, line.text.rstrip("\n")]
            for line in TraceIndex.for_trace(trace).output.lines
        ],
        "moments": [vars(moment) for moment in moments],
        "left_out": left_out,
        "cut": cut_notice(trace),
    }


def dumps(data: dict[str, Any]) -> str:
    """Return compact JSON, the same for the same data."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
