"""One run's events put together into a trace."""

from __future__ import annotations

from typing import get_args

import pytest

from loopscope import Step, Trace, Wait
from loopscope.limits import MAX_FRAMES
from loopscope.trace.assembly import assemble
from loopscope.trace.encoding import decode, encode
from loopscope.trace.events import (
    Change,
    Event,
    FrameBegan,
    Instrumented,
    LineReached,
    LinesCounted,
    LinesCut,
    StepBegan,
    StepEnded,
    TaskCreated,
    TaskRenamed,
    UnnamedWait,
    WaitKind,
)
from loopscope.trace.lines import Frame, Line, MoreLines


def test_a_wait_is_called_as_readers_know_it_and_its_tasks_by_their_last_names() -> None:
    waits = [
        (UnnamedWait("turn"), "its next turn"),
        (UnnamedWait("sleep", (), 0.0), "sleep 0 s"),
        (UnnamedWait("sleep", (), 1.0), "sleep 1 s"),
        (UnnamedWait("sleep", (), 1 / 3), "sleep 0.333333 s"),
        (UnnamedWait("sleep", ("inf s",)), "sleep inf s"),
        (UnnamedWait("task", (1,)), "last"),
        (UnnamedWait("task_group"), "TaskGroup"),
        (UnnamedWait("gather", (1, ", ", 2, ", …")), "gather(last, Task-2, …)"),
        (UnnamedWait("wait", ("a future",)), "wait(a future)"),
        (UnnamedWait("as_completed"), "as_completed"),
        (UnnamedWait("shield", (1,)), "shield(last)"),
        (UnnamedWait("primitive", ("Lock",)), "Lock"),
        (UnnamedWait("queue", ("Queue.get",)), "Queue.get"),
        (UnnamedWait("thread", ("an executor",)), "an executor"),
        (UnnamedWait("process", ("a process",)), "a process"),
        (UnnamedWait("io", ("a socket",)), "a socket"),
        (UnnamedWait("future", ("a future",)), "a future"),
    ]
    assert {wait.kind for wait, _ in waits} == set(get_args(WaitKind))
    sent: list[Event] = [TaskCreated(1, "first", "main", 1, None, 0, False)]
    for number, (wait, _) in enumerate(waits):
        sent += [
            StepBegan(number, 0, "task", 1, None, 1, None, None),
            StepEnded(number, 0, 1, wait, (), 0, ()),
        ]
    sent.append(TaskRenamed(1, "last"))
    trace = assemble(
        decode(encode(sent)), python="3.11", file="x.py", clock="virtual", duration=0, exit=0
    )
    assert [step.wait_text for step in trace.steps] == [text for _, text in waits]
    assert [step.waiting_on.only_yields for step in trace.steps if step.waiting_on] == [
        True,
        True,
        *[False] * 15,
    ]
    assert trace.steps[5].waiting_on == Wait("task", "last")


def assembled(events: list[Event]) -> Trace:
    return assemble(
        decode(encode(events)), python="3.11", file="x.py", clock="virtual", duration=0, exit=0
    )


LINES: list[Event] = [
    Instrumented(),
    StepBegan(4, 0, "task", 1, None, 1, None, None),
    FrameBegan(0, "main", 1, None),
    LineReached(4, 0, 2, (), 0),
    StepBegan(5, 0, "task", 2, None, 1, 4, None),
    LineReached(5, None, None, (Change(0, "x", "1"),), 0),
    LinesCounted(5, 1, 3, 3),
    LinesCounted(5, 12, 3, 9),
    StepEnded(5, 0, None, None, (), 0, ()),
    LineReached(4, 0, 8, (Change(0, "x", None),), 0),
    LinesCut("values", 5),
    LinesCut("lines", 4),
    LinesCut("lines", 5),
]


def test_lines_belong_to_their_steps_even_to_one_that_never_ended() -> None:
    trace = assembled(LINES)
    assert (trace.lines_from, trace.frames) == ("this run", (Frame("main", 1, None),))
    outer, inner = trace.steps
    assert outer.lines == (Line(0, 2, (), 0), Line(0, 8, (Change(0, "x", None),), 0))
    assert inner.lines == (Line(None, None, (Change(0, "x", "1"),), 0),)
    assert (outer.more_lines, inner.more_lines) == (None, MoreLines(12, 3, 9))
    assert (trace.lines_cut, trace.values_cut) == (0, 1)
    assert Trace.from_json(trace.to_json()) == trace
    plain = assembled([event for event in LINES if isinstance(event, StepBegan | StepEnded)])
    assert (plain.lines_from, plain.lines_cut, plain.values_cut) == (None, None, None)
    assert {step.lines for step in plain.steps} == {()}


@pytest.mark.parametrize("numbers", [(1,), (-1,), (0, 2), range(MAX_FRAMES + 1)])
def test_frames_come_in_turn_and_are_no_more_than_there_can_be(numbers: range) -> None:
    with pytest.raises(ValueError, match="cannot begin"):
        assembled([FrameBegan(number, "main", None, None) for number in numbers])


def test_the_last_frame_of_a_number_is_the_one_that_counts() -> None:
    names = [(0, "main"), (1, "lost"), (1, "inner")]
    trace = assembled([FrameBegan(number, name, None, None) for number, name in names])
    assert [frame.function for frame in trace.frames] == ["main", "inner"]


def test_who_waits_for_nothing_is_said_to_wait_for_nothing() -> None:
    assert Step(0.0, 0.0, "task", 1, None, None, None, None).wait_text == ""
