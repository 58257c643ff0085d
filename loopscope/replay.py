"""The run as a stepper replays it: for each step, all that is to be seen at that moment.

In:  a `Trace` and the program's source. Out: `Moment`s, in order, and their JSON.

A moment shows the loop as the step leaves it, with the task that ran still called running. Bookkeeping of asyncio's own has moments of
its own, which a stepper may leave out: what they cause is told with the step that follows.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from .timeline import places
from .trace import Output, Trace
from .transcript import lines, outcome
from .words import tell

MOMENTS = 2_000
"""Moments that a replay holds; a longer run is cut off there, and says so."""


@dataclass(frozen=True)
class Moment:
    """What is to be seen during one step. Tasks are given by number."""

    time: float
    cause: str  # what made this step possible ("The timer of Task-2 is due. "), empty where nothing needs saying
    text: str  # what happens in it
    own: bool  # bookkeeping of asyncio's own
    running: int | None  # the task that runs
    line: int | None  # where it goes on
    standing: tuple[tuple[int, int], ...]  # (task, line) of every other task that has stopped somewhere
    ready: tuple[int | str, ...]  # the ready queue, in order
    waiting: tuple[tuple[int, str, float | None], ...]  # (task, for what, seconds left)
    finished: tuple[tuple[int, str], ...]  # (task, how)
    printed: int  # lines of output so far
    place: float | None  # where it stands in the timeline


def replay(trace: Trace, source: str) -> list[Moment]:
    """Every step as a moment, and one for the end."""
    printed = lines(trace)
    place = places(trace)
    moments: list[Moment] = []
    # The last step of each task so far; a task is known from the step that made it.
    last: dict[int, int] = {}
    known: set[int] = set()
    for told in tell(trace, source):
        for index in told.steps:
            if len(moments) == MOMENTS:
                return moments
            step = trace.steps[index]
            own = index != told.steps[-1]
            known |= {task.id for task in trace.tasks if task.id not in known and _is_there(trace, task.id, index)}
            others = [number for number in sorted(known) if number != step.task and not trace.task(number).internal]
            ended = [number for number in others if (at := trace.task(number).ended) is not None and number in last and _over(trace, number, last[number], at)]
            asleep = [number for number in others if number in last and number not in ended and number not in step.ready]
            due = {subject: when for when, subject in reversed(step.timers)}
            moments.append(
                Moment(
                    time=step.time,
                    cause="" if own else told.cause,
                    text=_own_text(trace, index) if own else told.text[len(told.cause) :],
                    own=own,
                    running=step.task,
                    line=step.resumed,
                    standing=tuple((number, line) for number in others if number not in ended and number in last and (line := trace.steps[last[number]].left)),
                    ready=step.ready,
                    waiting=tuple(
                        (number, trace.steps[last[number]].waits or "", round(due[number] - step.end, 6) if number in due else None) for number in asleep
                    ),
                    finished=tuple((number, outcome(trace, number)) for number in ended),
                    printed=_printed_by(printed, trace, index),
                    place=place.get(index),
                )
            )
            if step.task is not None:
                last[step.task] = index
    if moments:
        finished = tuple((task.id, outcome(trace, task.id)) for task in trace.tasks if not task.internal)
        how = f"The program ends with exit status {trace.exit}." if not trace.stopped else f"The program was stopped: {trace.stopped}."
        moments.append(Moment(trace.duration, "", how, False, None, None, (), (), (), finished, len(printed), None))
    return moments


def _is_there(trace: Trace, number: int, index: int) -> bool:
    task, step = trace.task(number), trace.steps[index]
    made = task.parent is not None and task.parent == step.task and step.time <= task.created <= step.end
    return made or step.task == number or number in step.ready


def _over(trace: Trace, number: int, last: int, ended: float) -> bool:
    """Whether a task has ended, its latest step so far being `last`."""
    return trace.steps[last].end >= ended or not any(step.task == number for step in trace.steps[last + 1 :])


def _own_text(trace: Trace, index: int) -> str:
    step = trace.steps[index]
    if step.task is not None:
        return f"asyncio's own task `{trace.task(step.task).coro}` has a step."
    before = set(trace.steps[index - 1].ready) if index else set()
    woken = [trace.task(number).name for number in step.ready if isinstance(number, int) and number not in before]
    effect = f" It makes {' and '.join(woken)} ready." if woken else ""
    return f"asyncio's own callback `{step.what}` runs.{effect}"


def _printed_by(printed: list[Output], trace: Trace, index: int) -> int:
    """How many lines of output there are when a step is over."""
    count = 0
    for number, line in enumerate(printed, 1):
        before = line.step <= index if line.step is not None else line.time <= trace.steps[index].end
        if before:
            count = number
    return count


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
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
