"""Lines come from a second run, and only from one that did the same as the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from loopscope import Output, Step, Task, Trace, Wait
from loopscope.trace.lines import Frame, Line
from sitebuild.records.second_run import MOST_STEPS, is_same_run, with_lines

FIRST = Trace(
    *("3.13.0", "x.py", "virtual", 0.1, 0),
    tasks=(
        Task(1, "Task-1", "main", 9, None, 0.0, 0.1, "returned"),
        Task(2, "Task-2", "work", 5, 1, 0.0, 0.1, "returned"),
    ),
    steps=(
        Step(0.0, 0.0, "task", 1, None, 8, 9, Wait("task", "Task-2"), (2,)),
        Step(0.0, 0.0, "task", 2, None, 4, 5, Wait("sleep", seconds=0.1), (), 0, ((0.1, 2),)),
        Step(0.1, 0.1, "task", 2, None, 5, None, None, (1,)),
        Step(0.1, 0.1, "task", 1, None, 9, None, None),
    ),
    output=(Output(0.1, "stdout", 2, 6, "one <object object at 0x7f0123456789>\n", 2),),
)


@pytest.fixture
def first() -> Trace:
    return FIRST


def with_some_lines(trace: Trace) -> Trace:
    steps = tuple(replace(step, lines=(Line(0, 9),)) for step in trace.steps)
    frames = (Frame("main", 1, None),)
    return replace(trace, steps=steps, frames=frames, lines_from="this run", lines_cut=1)


def later(trace: Trace) -> Trace:
    steps = tuple(replace(step, time=step.time + 1, end=step.end + 1) for step in trace.steps)
    return replace(trace, steps=steps)


DIFFERENT: dict[str, Callable[[Trace], Trace]] = {
    "output": lambda trace: replace(trace, output=trace.output[:-1]),
    "exit": lambda trace: replace(trace, exit=1),
    "stopped": lambda trace: replace(trace, stopped="ran out of time"),
    "steps": lambda trace: replace(trace, steps=trace.steps[:-1]),
    "order": lambda trace: replace(trace, steps=(trace.steps[1], trace.steps[0], *trace.steps[2:])),
    "time": later,
    "task": lambda trace: replace(
        trace, tasks=(replace(trace.tasks[0], outcome="cancelled"), *trace.tasks[1:])
    ),
    "wait": lambda trace: replace(
        trace, steps=(replace(trace.steps[0], waiting_on=None), *trace.steps[1:])
    ),
}


def test_a_second_run_that_did_the_same_gives_its_lines_and_nothing_else(first: Trace) -> None:
    elsewhere = replace(
        first,
        output=tuple(
            replace(piece, text=piece.text.replace("0x", "0x0123456789"), time=piece.time + 1)
            for piece in first.output
        ),
    )
    found = with_lines(first, lambda: with_some_lines(elsewhere))
    assert all(step.lines == (Line(0, 9),) for step in found.steps)
    assert (found.lines_from, found.lines_cut) == ("another run", 1)
    assert found.output == first.output
    without = replace(
        found,
        steps=first.steps,
        frames=(),
        lines_from=None,
        lines_cut=None,
    )
    assert without == first


@pytest.mark.parametrize("what", DIFFERENT)
def test_a_second_run_that_did_something_else_gives_nothing(what: str, first: Trace) -> None:
    other = DIFFERENT[what](first)
    assert not is_same_run(first, other)
    runs = [with_some_lines(other), with_some_lines(other)]
    assert with_lines(first, runs.pop) == first
    assert runs == []  # it had a second chance
    runs = [with_some_lines(first), with_some_lines(other)]
    assert with_lines(first, runs.pop).frames


def test_on_a_real_clock_times_differ_and_there_is_one_second_run(first: Trace) -> None:
    real = replace(first, clock="real")
    assert is_same_run(real, later(real))
    runs = [real]
    assert with_lines(real, lambda: replace(runs.pop(), exit=1)) == real


def test_what_no_stepper_shows_is_not_run_again(first: Trace) -> None:
    def never() -> Trace:
        raise AssertionError

    assert with_lines(replace(first, steps=()), never).steps == ()
    stopped = replace(first, stopped="ran out of time")
    assert with_lines(stopped, never) == stopped
    many = replace(first, steps=first.steps[:1] * (MOST_STEPS + 1))
    assert with_lines(many, never) == many
