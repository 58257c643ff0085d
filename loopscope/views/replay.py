"""The run as a stepper replays it: for each step, all that is to be seen at that moment.

In:  a `Trace` and the program's source. Out: `Moment`s, in order, and their JSON.

A moment shows the loop as the step leaves it, with the task that ran still called running. Bookkeeping of asyncio's own has moments of
its own, which a stepper may leave out: what they cause is told with the step that follows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..trace.model import Trace
from .narration import Told, cut, tell
from .timeline import places
from .transcript import lines, outcome

MOMENTS = 2_000
"""Moments that a replay holds; a longer run is cut off there, and says so."""

LISTED = 12
"""Tasks that a moment lists as waiting or as finished; of more, only their number is told."""


@dataclass(frozen=True)
class Moment:
    """What is to be seen during one step. Tasks are given by number."""

    time: float
    cause: str  # what made this step possible ("The timer of Task-2 is due. "), empty where nothing needs saying
    text: str  # what happens in it
    own: bool  # bookkeeping of asyncio's own
    running: int | None  # the task that runs
    line: int | None  # where it goes on
    standing: tuple[tuple[int, int], ...]  # (task, line) of the other tasks that have stopped somewhere
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
    teller = _Teller(trace)
    for told in tell(trace, source):
        if not told.steps:
            continue  # it tells of the end, as does the last moment
        teller.close(trace.steps[told.steps[-1]].within)
        for index in told.steps[:-1]:
            teller.add(index, teller.own_text(index), own=True)
        teller.open(told)
    teller.close(None)
    return (teller.moments, teller.left_out) if teller.left_out else ([*teller.moments, *teller.end()], 0)


class _Teller:
    """Adds moment to moment, knowing who is where."""

    def __init__(self, trace: Trace) -> None:
        self.moments: list[Moment] = []
        self.left_out = 0
        self._trace = trace
        self._known = _Known(trace)
        self._places, self._printed = places(trace), self._known.printed()
        self._last: dict[int, int] = {}  # a task -> its latest step so far
        self._alive: dict[int, None] = {}  # in order of creation
        self._finished: list[int] = []
        self._within: list[Told] = []  # steps that have begun, and inside of which others run

    def open(self, told: Told) -> None:
        """The step begins; where nothing runs inside of it, it is over too."""
        index = told.steps[-1]
        text = told.text[len(told.cause) :]
        if index not in self._known.outer:
            self.add(index, text, told.cause)
            return
        step = self._trace.steps[index]
        name = self._trace.task(step.task).name if step.task else "A callback"
        does = (
            "creates a task that starts at once, before `create_task()` has returned"
            if self._trace.is_eager(self._known.outer[index])
            else "lets the loop run inside of its own step"
        )
        self.add(index, f"{name} runs, and {does}.", told.cause, half=True)
        self._within.append(told)

    def close(self, within: int | None) -> None:
        """End the open steps that the step `within` is no part of."""
        while self._within and self._within[-1].steps[-1] != within:
            told = self._within.pop()
            self.add(told.steps[-1], f"Still the same step: {told.text[len(told.cause) :]}")

    def add(self, index: int, text: str, cause: str = "", *, own: bool = False, half: bool = False) -> None:
        if len(self.moments) == MOMENTS:
            self.left_out += 1
            return
        trace, step = self._trace, self._trace.steps[index]
        self._alive.update(dict.fromkeys(self._known.born.get(index, ())))
        running = {step.task, *(trace.steps[told.steps[-1]].task for told in self._within)}
        others = [number for number in self._alive if number not in running and number in self._last]
        ready = trace.ready_tasks(index)
        asleep = [number for number in others if number not in ready]
        due = {subject: when for when, subject in reversed(step.timers)}
        self.moments.append(
            Moment(
                time=step.time,
                cause=cause,
                text=text,
                own=own,
                running=step.task,
                line=step.resumed,
                standing=tuple((task, line) for task in others[:LISTED] if (line := trace.steps[self._last[task]].left)),
                ready=() if half else step.ready,
                waiting=tuple(
                    (task, trace.steps[self._last[task]].waits or "", round(due[task] - step.end, 6) if task in due else None)
                    for task in asleep[:LISTED]
                ),
                finished=tuple((task, outcome(trace, task)) for task in self._finished[-LISTED:]),
                more=(len(asleep[LISTED:]), len(self._finished[:-LISTED])),
                printed=self._known.before(index) if half else self._printed[index],
                place=self._places.get(index),
            )
        )
        if step.task is not None and not half:
            self._last[step.task] = index
            task = trace.task(step.task)
            is_last = self._known.last[step.task] == index
            if is_last and (trace.ends_in(index) or (task.outcome == "destroyed" and trace.saw_all_of(task))):
                self._alive.pop(step.task, None)
                self._finished.append(step.task)

    def own_text(self, index: int) -> str:
        """A sentence for a step of asyncio's own."""
        step = self._trace.steps[index]
        if step.task is not None:
            return f"asyncio's own task `{self._trace.task(step.task).coro}` has a step."
        woken = [self._trace.task(number).name for number in self._trace.woken(index)]
        effect = f" It makes {' and '.join(woken)} ready." if woken else ""
        return f"asyncio's own callback `{step.what}` runs.{effect}"

    def end(self) -> list[Moment]:
        """The moment when all is over."""
        if not self.moments:
            return []
        trace = self._trace
        ended = [task.id for task in trace.tasks if not task.internal]
        how = f"ends with exit status {trace.exit}" if isinstance(trace.exit, int) else f"is ended by {trace.exit}"
        how = f"The program was stopped: {trace.stopped}." if trace.stopped else f"The program {how}."
        how = f"{cut(trace)} {how}" if cut(trace) else how
        fates = tuple((task, outcome(trace, task)) for task in ended[-LISTED:])
        return [Moment(trace.duration, "", how, False, None, None, (), (), (), fates, (0, len(ended[:-LISTED])), len(lines(trace)), None)]


class _Known:
    """What can be looked up about a trace's steps and tasks."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._lines = lines(trace)
        self.last: dict[int | None, int] = {}
        steps: dict[int | None, list[int]] = {}
        first: dict[int | str, int] = {}  # where a task is first seen, running or ready
        for index, step in enumerate(trace.steps):
            self.last[step.task] = index
            steps.setdefault(step.task, []).append(index)
            for entry in (*step.ready, *([step.task] if step.task is not None else [])):
                first.setdefault(entry, index)
        self.born: dict[int, list[int]] = {}  # a step -> the tasks that are there from then on
        for task in trace.tasks:
            made = (index for index in steps.get(task.parent, ()) if trace.steps[index].time <= task.created <= trace.steps[index].end)
            seen = [index for index in (next(made, None) if task.parent else None, first.get(task.id)) if index is not None]
            if seen and not task.internal:
                self.born.setdefault(min(seen), []).append(task.id)

        self.outer: dict[int, int] = {}  # a step inside of which others ran -> the first of these
        for index, step in enumerate(trace.steps):
            if step.within is not None:
                self.outer.setdefault(step.within, index)

    def printed(self) -> dict[int, int]:
        """How many lines of output there are when each step is over."""
        shown = self._lines
        last = {step: number for number, step in enumerate(_finishers(self.trace), 1)}
        counts, count = {}, 0
        # In the order in which they end: what ran inside of a step was over before it.
        for index in sorted(range(len(self.trace.steps)), key=lambda index: (self._last_inside(index), -index)):
            count = max([count, *(last.get(inside, 0) for inside in range(index, self._last_inside(index) + 1))])
            while count < len(shown) and shown[count].step is None and shown[count].time <= self.trace.steps[index].end:
                count += 1
            counts[index] = count
        return counts

    def before(self, index: int) -> int:
        """How many lines there are when the first step inside of this one begins."""
        shown = self._lines
        return next((number for number, line in enumerate(shown) if line.step is not None and line.step > index), len(shown))

    def _last_inside(self, index: int) -> int:
        last = index
        while last + 1 < len(self.trace.steps) and (within := self.trace.steps[last + 1].within) is not None and within >= index:
            last += 1
        return last


def _finishers(trace: Trace) -> list[int | None]:
    """For each line of output the last of the steps that printed it."""
    result: list[int | None] = []
    stream, ended = None, True
    for piece in trace.output:
        for text in piece.text.splitlines(keepends=True):
            if result and piece.stream == stream and not ended:
                result[-1] = max(result[-1], piece.step, key=lambda step: -1 if step is None else step)
            else:
                result.append(piece.step)
            stream, ended = piece.stream, text.endswith("\n")
    return result


def to_json(trace: Trace, source: str) -> dict:
    """What a stepper needs to know, as plain data."""
    moments, left_out = _replay(trace, source)
    return {
        "file": trace.file,
        "tasks": [[task.name, task.coro] for task in trace.tasks],
        "output": [[line.time, line.stream, line.line, line.text.rstrip("\n")] for line in lines(trace)],
        "moments": [vars(moment) for moment in moments],
        "left_out": left_out,
        "cut": cut(trace),
    }


def dumps(data: dict) -> str:
    """JSON as it is laid beside a page: compact, and the same for the same data."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
