"""What the views look up in a trace."""

from __future__ import annotations

import gc
import weakref

from loopscope import Output, Step, Task, Trace
from loopscope.limits import MAX_QUEUE_ENTRIES
from loopscope.trace.index import TraceIndex


def step(
    time: float, task: int | None, *, kind: str = "task", what: str | None = None, **more: object
) -> Step:
    return Step(time, time + 1, kind, task, what, None, None, None, **more)  # type: ignore[arg-type]


def trace(*steps: Step, tasks: tuple[Task, ...] = (), output: tuple[Output, ...] = ()) -> Trace:
    return Trace("3.13", "x.py", "virtual", 100.0, 0, tasks=tasks, steps=steps, output=output)


def test_a_trace_has_one_index_which_goes_when_it_goes() -> None:
    record = trace(step(0.0, 1))
    assert TraceIndex.for_trace(record) is TraceIndex.for_trace(record)
    assert TraceIndex.for_trace(record).steps_of(1) is TraceIndex.for_trace(record).steps_of(1)
    left = weakref.ref(TraceIndex.for_trace(record))
    gc.disable()
    try:
        del record
        assert left() is None, "it takes the garbage collector to be rid of it"
    finally:
        gc.enable()


def test_an_index_changes_nothing_about_its_trace() -> None:
    record, same = trace(step(0.0, 1)), trace(step(0.0, 1))
    TraceIndex.for_trace(record)
    assert (record, record.to_json(), repr(record)) == (same, same.to_json(), repr(same))


def test_a_callback_of_asyncio_s_own_is_internal_unless_it_prints() -> None:
    steps = [
        step(float(n), None, kind="callback", what=name)
        for n, name in enumerate(("_run_once", "Timeout._on_timeout", "tick", "_mine"))
    ]
    tasks = (
        Task(1, "Task-1", "main", 1, None, 0.0),
        Task(2, "Task-2", "shutdown", None, 1, 0.0, internal=True),
    )
    record = trace(
        *steps,
        step(4.0, 1),
        step(5.0, 2),
        tasks=tasks,
        output=(Output(3.0, "stdout", None, 1, "x\n", 3),),
    )
    assert TraceIndex.for_trace(record).internal_steps == {0, 1, 5}
    assert [task.id for task in TraceIndex.for_trace(record).program_tasks] == [1]


def test_a_task_is_there_from_the_step_that_created_it_or_that_it_was_first_seen_in() -> None:
    tasks = (
        Task(1, "Task-1", "main", 1, None, 0.0),
        Task(2, "Task-2", "work", 1, 1, 10.5),
        Task(3, "Task-3", "unseen", 1, 1, 50.0),
        Task(4, "Task-4", "queued", 1, None, 0.0),
    )
    index = TraceIndex.for_trace(
        trace(step(0.0, 1, ready=(4,)), step(10.0, 1), step(20.0, 2), tasks=tasks)
    )
    assert [index.creating_step(task) for task in tasks] == [None, 1, None, None]
    assert [list(index.tasks_from(number)) for number in range(3)] == [[1, 4], [2], []]


def test_a_task_beyond_what_a_step_holds_of_the_queue_is_ready_until_its_turn() -> None:
    count = MAX_QUEUE_ENTRIES + 3
    held, last = tuple(range(1, MAX_QUEUE_ENTRIES + 1)), count
    first = step(0.0, None, kind="callback", what="start", ready=tuple(held), ready_more=3)
    turns = [step(float(number), number) for number in range(1, count + 1)]
    index = TraceIndex.for_trace(trace(first, *turns))
    assert index.ready_tasks(0) == set(range(1, count + 1))
    assert index.woken(0) == list(range(1, count + 1))
    assert index.is_ready(last, 0)
    assert not index.is_ready(last, 1)  # that step holds an empty queue
    assert not index.is_ready(last + 1, 0)
