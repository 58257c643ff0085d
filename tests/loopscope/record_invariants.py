"""What is true of every record of a program with one event loop, whatever the program does.

In:  a `Trace`. Out: sentences, one for each thing that cannot be; none where the record is right.

Nothing here knows what the program was: a record is held against itself. Times may be rounded to a
microsecond.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator

from loopscope import Trace
from loopscope.trace.index import TraceIndex
from loopscope.trace.model import Step, Task, Wait

ROUNDING = 2e-6
"""Seconds, by which two times of a record that are the same may differ."""


def violations(trace: Trace) -> list[str]:
    """Everything that is wrong with a record."""
    unknown = [step for step in trace.steps if step.task and not 1 <= step.task <= len(trace.tasks)]
    if unknown:
        return [f"a step is of task {step.task}, which is not known" for step in unknown]
    checks = (_tasks, _steps, _waits, _order, _output)
    return [sentence for check in checks for sentence in check(trace)]


def _tasks(trace: Trace) -> Iterator[str]:
    last: dict[int | None, Step] = {step.task: step for step in trace.steps}
    by_task = _steps_by_task(trace)
    for place, task in enumerate(trace.tasks, 1):
        if task.id != place:
            yield f"task {task.id} stands at place {place}"
        if not 0 <= task.created <= trace.duration + ROUNDING:
            yield f"{task.name} was created at {task.created}, outside of the run"
        if task.parent is not None:
            yield from _created_by(trace, task, by_task.get(task.parent, []))
        if (task.ended is None) != (task.outcome == "pending"):
            yield f"{task.name} is {task.outcome}, but ended at {task.ended}"
        if (task.outcome == "raised") != (task.error is not None):
            yield f"{task.name} is {task.outcome}, with the error {task.error}"
        step = last.get(task.id)
        if task.outcome in ("returned", "raised", "cancelled"):
            if step is None or task.ended is None:
                yield f"{task.name} {task.outcome} without a step"
            elif not step.time - ROUNDING <= task.ended <= step.end + ROUNDING:
                yield f"{task.name} ended at {task.ended}, not in its last step"
            elif step.waiting_on is not None:
                yield f"{task.name} {task.outcome}, but its last step waits for {step.wait_text}"
        elif step is not None and step.waiting_on is None:
            yield f"{task.name} is {task.outcome}, but nothing says what it waits for"


def _created_by(trace: Trace, task: Task, steps: list[int]) -> Iterator[str]:
    parent = trace.task(task.parent or 0)
    if parent.id >= task.id or parent.created > task.created + ROUNDING:
        yield f"{task.name} is older than {parent.name}, which created it"
    inside = (trace.steps[index] for index in steps)
    if not any(step.time - ROUNDING <= task.created <= step.end + ROUNDING for step in inside):
        yield f"{parent.name} created {task.name} at {task.created}, but was not running then"


def _steps(trace: Trace) -> Iterator[str]:
    before: Step | None = None
    for index, step in enumerate(trace.steps):
        if not 0 <= step.time <= step.end <= trace.duration + ROUNDING:
            yield f"step {index} runs from {step.time} to {step.end} of {trace.duration}"
        held = TraceIndex.for_trace(trace).seconds_held(index)
        if held < -ROUNDING:
            yield f"step {index} held the loop for {held} s"
        if (step.kind == "task") != (step.task is not None):
            yield f"step {index} is a {step.kind} of task {step.task}"
        if step.task is not None and step.time < trace.task(step.task).created - ROUNDING:
            yield f"step {index} runs before its task was created"
        known = [entry for entry in step.ready if isinstance(entry, int)]
        known += [entry for _, entry in step.timers if isinstance(entry, int)]
        if any(not 1 <= number <= len(trace.tasks) for number in known):
            yield f"step {index} leaves tasks that are not known: {known}"
        if [due for due, _ in step.timers] != sorted(due for due, _ in step.timers):
            yield f"step {index} has timers that are not in order: {step.timers}"
        if step.within is None:
            if before is not None and step.time < before.end - ROUNDING:
                yield f"step {index} begins at {step.time}, inside of the one before it"
            before = step
        else:
            outer = trace.steps[step.within]
            if (
                step.within >= index
                or not outer.time - ROUNDING <= step.time <= step.end <= outer.end + ROUNDING
            ):
                yield f"step {index} runs within step {step.within}, but not inside of it"


def _waits(trace: Trace) -> Iterator[str]:
    """A task goes on where it let go, and not before what it waited for was there."""
    named = _by_unique_name(trace)
    for number, indices in _steps_by_task(trace).items():
        task = trace.task(number)
        for index, following in zip(indices, indices[1:], strict=False):
            step, resumed = trace.steps[index], trace.steps[following]
            place = f"{task.name}, step {following} at {resumed.time},"
            if resumed.time < step.end - ROUNDING:
                yield f"{place} begins before its step {index} ends"
            wait = step.waiting_on
            if wait is None:
                yield f"{place} goes on, but had not let go in step {index}"
                continue
            if resumed.resumed_line != step.suspended_line:
                yield f"{place} goes on at line {resumed.resumed_line}, but let go at line {step.suspended_line}"
            if resumed.raised is not None:
                continue
            if wait.seconds and resumed.time < step.time + wait.seconds * (1 - 1e-5) - ROUNDING:
                yield f"{place} goes on after less than {wait.text}"
            for name in _names(wait, trace.python):
                waited = named.get(name)
                if waited and (waited.ended is None or waited.ended > resumed.time + ROUNDING):
                    yield f"{place} goes on before {name} ended"


def _names(wait: Wait, python: str) -> list[str]:
    """The tasks that have to end before a task goes on that waits like this, unless an exception
    comes first.
    """
    if wait.kind == "gather":
        return wait.subject.split(", ")
    # Up to Python 3.11 `wait_for` is woken without an exception when time is up, and then cancels
    # what it waited for.
    woken = wait.kind == "task" and tuple(map(int, python.split(".")[:2])) >= (3, 12)
    return [wait.subject] if woken else []


def _order(trace: Trace) -> Iterator[str]:
    """The loop takes what is first in the ready queue; what is next after an empty one is the first
    timer.
    """
    outer = [index for index, step in enumerate(trace.steps) if step.within is None]
    for index, following in zip(outer, outer[1:], strict=False):
        step, then = trace.steps[index], trace.steps[following]
        if step.ready:
            head = step.ready[0]
            if isinstance(head, int):
                if then.task != head:
                    yield f"task {head} is first in line after step {index}, but step {following} is of {then.task or then.what}"
            elif then.task is not None:
                yield f"{head} is first in line after step {index}, but step {following} is of task {then.task}"
            elif not head.startswith("timer of ") and then.what != head:
                yield f"{head} is first in line after step {index}, but step {following} is {then.what}"
        elif step.timers and then.kind == "timer":
            due = step.timers[0][0]
            if then.time < due - ROUNDING:
                yield f"step {following} at {then.time} is a timer before the first one is due, at {due}"


def _output(trace: Trace) -> Iterator[str]:
    before = 0.0
    for piece in trace.output:
        text = piece.text.rstrip("\n")
        if not before - ROUNDING <= piece.time <= trace.duration + ROUNDING:
            yield f"{text!r} was printed at {piece.time}, after what came at {before}"
        before = piece.time
        if piece.step is None:
            if piece.task is not None:
                yield f"{text!r} was printed by task {piece.task} in no step"
            continue
        step = trace.steps[piece.step]
        if not step.time - ROUNDING <= piece.time <= step.end + ROUNDING:
            yield f"{text!r} was printed at {piece.time}, not in step {piece.step}"
        # What asyncio reports of a task that goes with another one's last frame comes after that
        # one was left. And what a busy machine keeps a program from reading back for too long is
        # read from outside, where nobody knows the task.
        unknown = piece.task is None and (piece.stream == "stderr" or trace.clock == "real")
        if step.task != piece.task and not unknown:
            yield f"{text!r} was printed by task {piece.task} in a step of task {step.task}"


def _steps_by_task(trace: Trace) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for index, step in enumerate(trace.steps):
        if step.task is not None:
            found.setdefault(step.task, []).append(index)
    return found


def _by_unique_name(trace: Trace) -> dict[str, Task]:
    counts = collections.Counter(task.name for task in trace.tasks)
    return {task.name: task for task in trace.tasks if counts[task.name] == 1}
