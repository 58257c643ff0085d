"""One run's events put together into a trace."""

from __future__ import annotations

from typing import get_args

from loopscope import Step, Wait
from loopscope.trace.assembly import assemble
from loopscope.trace.encoding import decode, encode
from loopscope.trace.events import (
    Event,
    StepBegan,
    StepEnded,
    TaskCreated,
    TaskRenamed,
    UnnamedWait,
    WaitKind,
)


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


def test_who_waits_for_nothing_is_said_to_wait_for_nothing() -> None:
    assert Step(0.0, 0.0, "task", 1, None, None, None, None).wait_text == ""
