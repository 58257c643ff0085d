"""Adds to a run the lines that it ran, which are recorded in a second run of the same program.

The first run is not instrumented, so nothing that it does or prints can be due to that. The second
one gives nothing but lines and values, and only if it did the same as the first. A page may
therefore lack them, but can never show lines of another run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from loopscope.trace.lines import Line
from loopscope.trace.model import Step, Trace

TRIES = {"virtual": 2, "real": 1}
"""Second runs at most. On a real clock, what differs once mostly differs again, and takes long."""

MOST_STEPS = 1_000
"""Steps of a run from which on it is not run again: a stepper shows no more of them."""


def with_lines(first: Trace, run_again: Callable[[], Trace]) -> Trace:
    """Return a run with the lines that it ran.

    Args:
        first: The run. It was not instrumented.
        run_again: Runs the program again, instrumented.

    Returns:
        The run with lines; the run as it is if no second run did the same.
    """
    if not 0 < len(first.steps) <= MOST_STEPS or first.stopped:
        return first
    for _ in range(TRIES[first.clock]):
        second = run_again()
        if is_same_run(first, second):
            return replace(
                first,
                steps=tuple(
                    replace(step, lines=_lines(first, other), more_lines=other.more_lines)
                    for step, other in zip(first.steps, second.steps, strict=True)
                ),
                lines_from="another run",
                frames=second.frames,
                lines_cut=second.lines_cut,
                values_cut=second.values_cut,
            )
    return first


def _lines(first: Trace, step: Step) -> tuple[Line, ...]:
    """Return the lines of a step of the second run; on a real clock, without their times."""
    if first.clock == "virtual":
        return step.lines
    return tuple(line._replace(at=None) for line in step.lines)


def is_same_run(one: Trace, other: Trace) -> bool:
    """Return whether two runs of a program did and printed the same.

    Addresses may differ and, on a real clock, times.
    """
    return (
        (one.exit, one.error, one.stopped, one.steps_cut is None)
        == (other.exit, other.error, other.stopped, other.steps_cut is None)
        and _masked(one.text("stdout")) == _masked(other.text("stdout"))
        and _masked(one.text("stderr")) == _masked(other.text("stderr"))
        and _tasks(one) == _tasks(other)
        and len(one.steps) == len(other.steps)
        and all(
            _compared(step, one) == _compared(its, other)
            for step, its in zip(one.steps, other.steps, strict=True)
        )
    )


def _tasks(trace: Trace) -> list[object]:
    return [
        (_masked(task.name), task.coro, task.line, task.parent, task.outcome, task.error)
        for task in trace.tasks
    ]


def _compared(step: Step, trace: Trace) -> object:
    """Return what must be the same in a step of both runs."""
    times = (step.time, step.end, step.timers) if trace.clock == "virtual" else ()
    return _masked(
        repr(
            (
                *(step.kind, step.task, step.what, step.resumed_line, step.suspended_line),
                *(step.waiting_on, step.ready, step.ready_more, step.within, step.raised),
                times,
            )
        )
    )


def _masked(text: str) -> str:
    return re.sub(r"0x[0-9a-f]{6,}", "0x…", text)
