"""A run as the stepper replays it: what a reader sees at each step.

In:  a `Trace` and the program's source. Out: `Moment`s, in order, and their JSON.

A moment shows the loop as the step leaves it, with the task that ran still called running. Steps of
asyncio's own have moments too, which a stepper may leave out: what they cause is said with the step
that follows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..trace.index import TraceIndex
from ..trace.model import Trace, and_more
from .narration import Sentence, narrate
from .timeline_layout import places
from .wording import cut, outcome

MOMENTS = 2_000
"""Moments that a replay holds; a longer run is cut off there, and says so."""

LISTED = 12
"""Tasks that a moment lists as waiting or as finished; of more, only their number is told."""


@dataclass(frozen=True)
class Moment:
    """What is to be seen during one step. Tasks are given by number."""

    time: float
    # what made this step possible ("The timer of Task-2 is due. "), empty where nothing needs
    # saying
    cause: str
    text: str  # what happens in it
    internal: bool  # the step is asyncio's own
    running: int | None  # the task that runs
    line: int | None  # where it goes on
    # (task, line) of the other tasks that have stopped somewhere
    standing: tuple[tuple[int, int], ...]
    ready: tuple[int | str, ...]  # the ready queue, in order
    waiting: tuple[tuple[int, str, float | None], ...]  # (task, for what, seconds left)
    finished: tuple[tuple[int, str], ...]  # (task, how), those that finished last
    more: tuple[int, int]  # how many wait, and have finished, beside those listed
    printed: int  # lines of output so far
    place: float | None  # where it stands in the timeline


def replay(trace: Trace, source: str) -> list[Moment]:
    """Every step as a moment, and one for the end; at most `MOMENTS`.

    A step inside of which others ran has two: one before they run, and one in which it goes on.
    """
    return _replay(trace, source)[0]


def _replay(trace: Trace, source: str) -> tuple[list[Moment], int]:
    """The moments, and how many more there would have been."""
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
    """Adds moment to moment, knowing who is where."""

    def __init__(self, trace: Trace) -> None:
        self.moments: list[Moment] = []
        self.left_out = 0
        self._trace, self._index = trace, TraceIndex.of(trace)
        self._places = places(trace)
        self._latest: dict[int, int] = {}  # a task -> its latest step so far
        self._alive: dict[int, None] = {}  # in order of creation
        self._finished: list[int] = []
        self._open: list[Sentence] = []  # of steps that have begun, and inside of which others run

    def open(self, sentence: Sentence) -> None:
        """The step of a sentence begins; where nothing runs inside of it, it is over too."""
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
        """End the open steps that the step `within` is no part of."""
        while self._open and self._open[-1].steps[-1] != within:
            sentence = self._open.pop()
            self._add(sentence.steps[-1], f"Still the same step: {_without_cause(sentence)}")

    def add_internal(self, number: int) -> None:
        """A step of asyncio's own."""
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
        if len(self.moments) == MOMENTS:
            self.left_out += 1
            return
        trace, index, step = self._trace, self._index, self._trace.steps[number]
        self._alive.update(dict.fromkeys(index.tasks_from(number)))
        running = {step.task, *(trace.steps[sentence.steps[-1]].task for sentence in self._open)}
        others = [task for task in self._alive if task not in running and task in self._latest]
        ready = index.ready_tasks(number)
        asleep = [task for task in others if task not in ready]
        due = {subject: when for when, subject in reversed(step.timers)}
        self.moments.append(
            Moment(
                time=step.time,
                cause=cause,
                text=text,
                internal=internal,
                running=step.task,
                line=step.resumed_line,
                standing=tuple(
                    (task, line)
                    for task in others[:LISTED]
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
                    for task in asleep[:LISTED]
                ),
                finished=tuple(
                    (task, outcome(trace.task(task))) for task in self._finished[-LISTED:]
                ),
                more=(len(asleep[LISTED:]), len(self._finished[:-LISTED])),
                printed=index.lines_before_inside(number) if half else index.lines_after(number),
                place=self._places.get(number),
            )
        )
        if step.task is not None and not half:
            self._latest[step.task] = number
            task = trace.task(step.task)
            if index.is_last(number) and (
                index.ends_in(number) or (task.outcome == "destroyed" and trace.saw_all_of(task))
            ):
                self._alive.pop(step.task, None)
                self._finished.append(step.task)

    def end(self) -> list[Moment]:
        """The moment when all is over."""
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
        how = f"{cut(trace)} {how}" if cut(trace) else how
        fates = tuple((task.id, outcome(task)) for task in tasks[-LISTED:])
        printed = len(self._index.lines)
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
                (0, len(tasks[:-LISTED])),
                printed,
                None,
            )
        ]


def _without_cause(sentence: Sentence) -> str:
    return sentence.text[len(sentence.cause) :]


def to_json(trace: Trace, source: str) -> dict:
    """What a stepper needs to know, as plain data."""
    moments, left_out = _replay(trace, source)
    return {
        "file": trace.file,
        "tasks": [[task.name, task.coro] for task in trace.tasks],
        "output": [
            [line.time, line.stream, line.line, line.text.rstrip("\n")]
            for line in TraceIndex.of(trace).lines
        ],
        "moments": [_plain(moment) for moment in moments],
        "left_out": left_out,
        "cut": cut(trace),
    }


def _plain(moment: Moment) -> dict:
    """A moment's fields, under the names that the stepper knows."""
    return {"own" if name == "internal" else name: value for name, value in vars(moment).items()}


def dumps(data: dict) -> str:
    """JSON as it is laid beside a page: compact, and the same for the same data."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
