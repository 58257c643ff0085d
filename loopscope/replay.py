"""The run as a stepper replays it: for each step, all that is to be seen at that moment.

In:  a `Trace` and the program's source. Out: `Moment`s, in order, and their JSON.

A moment shows the loop as the step leaves it, with the task that ran still called running. Bookkeeping of asyncio's own has moments of
its own, which a stepper may leave out: what they cause is told with the step that follows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from .timeline import places
from .trace import Trace
from .transcript import lines, outcome
from .words import tell

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
    """Every step as a moment, and one for the end; at most `MOMENTS`."""
    known = _Known(trace)
    place, printed = places(trace), known.printed()
    moments: list[Moment] = []
    last: dict[int, int] = {}  # a task -> its latest step so far
    alive: dict[int, None] = {}  # in order of creation
    finished: list[int] = []
    for told in tell(trace, source):
        for index in told.steps:
            step = trace.steps[index]
            alive.update(dict.fromkeys(known.born.get(index, ())))
            others = [number for number in alive if number != step.task]
            asleep = [number for number in others if number in last and number not in step.ready]
            due = {subject: when for when, subject in reversed(step.timers)}
            own = index != told.steps[-1]
            moments.append(
                Moment(
                    time=step.time,
                    cause="" if own else told.cause,
                    text=known.own_text(index) if own else told.text[len(told.cause) :],
                    own=own,
                    running=step.task,
                    line=step.resumed,
                    standing=tuple((task, line) for task in others[:LISTED] if task in last and (line := trace.steps[last[task]].left)),
                    ready=step.ready,
                    waiting=tuple(
                        (task, trace.steps[last[task]].waits or "", round(due[task] - step.end, 6) if task in due else None)
                        for task in asleep[:LISTED]
                    ),
                    finished=tuple((task, outcome(trace, task)) for task in finished[-LISTED:]),
                    more=(len(asleep[LISTED:]), len(finished[:-LISTED])),
                    printed=printed[index],
                    place=place.get(index),
                )
            )
            if step.task is not None:
                last[step.task] = index
            if known.last.get(step.task) == index and trace.task(step.task or 0).outcome != "pending":
                alive.pop(step.task or 0, None)
                finished.append(step.task or 0)
            if len(moments) == MOMENTS:
                return moments
    if moments:
        ended = [task.id for task in trace.tasks if not task.internal]
        how = f"The program was stopped: {trace.stopped}." if trace.stopped else f"The program ends with exit status {trace.exit}."
        fates = tuple((task, outcome(trace, task)) for task in ended[-LISTED:])
        moments.append(
            Moment(trace.duration, "", how, False, None, None, (), (), (), fates, (0, len(ended[:-LISTED])), len(lines(trace)), None)
        )
    return moments


class _Known:
    """What can be looked up about a trace's steps and tasks."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
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

    def printed(self) -> Sequence[int]:
        """How many lines of output there are when each step is over."""
        shown, counts, count = lines(self.trace), [], 0
        for index, step in enumerate(self.trace.steps):
            while count < len(shown) and (shown[count].time <= step.end if (at := shown[count].step) is None else at <= index):
                count += 1
            counts.append(count)
        return counts

    def own_text(self, index: int) -> str:
        """A sentence for a step of asyncio's own."""
        step = self.trace.steps[index]
        if step.task is not None:
            return f"asyncio's own task `{self.trace.task(step.task).coro}` has a step."
        before = set(self.trace.steps[index - 1].ready) if index else set()
        woken = [self.trace.task(entry).name for entry in step.ready if isinstance(entry, int) and entry not in before]
        effect = f" It makes {' and '.join(woken)} ready." if woken else ""
        return f"asyncio's own callback `{step.what}` runs.{effect}"


def to_json(trace: Trace, source: str) -> dict:
    """What a stepper needs to know, as plain data."""
    moments = replay(trace, source)
    return {
        "file": trace.file,
        "tasks": [[task.name, task.coro] for task in trace.tasks],
        "output": [[line.time, line.stream, line.line, line.text.rstrip("\n")] for line in lines(trace)],
        "moments": [asdict(moment) for moment in moments],
        "left_out": max(0, len(trace.steps) - MOMENTS),
    }


def dumps(data: dict) -> str:
    """JSON as it is laid beside a page: compact, and the same for the same data."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
