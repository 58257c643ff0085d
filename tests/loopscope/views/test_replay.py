"""What a stepper is given: two events a step, and what a reader sees after each."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from recorders import Recorded

from loopscope import Step, Task, Trace, Wait
from loopscope.trace.index import TraceIndex
from loopscope.trace.lines import MoreLines
from loopscope.views.moments import End, Event, Sleep, Start, State, Stop, states
from loopscope.views.narration import narrate
from loopscope.views.replay import replay, to_json

MANY = """
    import asyncio

    async def work():
        for _ in range(3):
            await asyncio.sleep(0.01)

    async def main():
        await asyncio.gather(*(work() for _ in range(1000)))

    asyncio.run(main())
"""
EAGER = """
    import asyncio

    async def child():
        print("child")
        await asyncio.sleep(1)

    async def main():
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        print("before")
        task = asyncio.create_task(child())
        print("after")
        await task

    asyncio.run(main())
"""
EAGER_MANY = """
    import asyncio

    async def child():
        await asyncio.sleep(0)

    async def main():
        for _ in range(700):
            await asyncio.Task(child(), loop=asyncio.get_running_loop(), eager_start=True)

    asyncio.run(main())
"""
WOKEN_BY_A_TASK = """
    import asyncio, time

    async def set(event):
        time.sleep(0.2)
        await asyncio.sleep(0)
        event.set()

    async def main():
        event = asyncio.Event()
        await asyncio.gather(asyncio.sleep(0.1), event.wait(), set(event))

    asyncio.run(main())
"""
CROWD = """
    import asyncio

    async def work():
        await asyncio.sleep(0.1)
        await asyncio.sleep(0)

    async def main():
        await asyncio.gather(*(work() for _ in range(50)))

    asyncio.run(main())
"""
QUEUE = """
    import asyncio, time

    async def worker(number, event):
        await event.wait()
        await asyncio.sleep(number)

    async def main():
        event = asyncio.Event()
        workers = [asyncio.create_task(worker(number, event)) for number in range(1, 4)]
        await asyncio.sleep(2)
        event.set()
        await asyncio.sleep(0.5)
        time.sleep(0.25)
        await asyncio.gather(*workers)

    asyncio.run(main())
"""
CANCELS = """
    import asyncio

    async def sleeper():
        await asyncio.sleep(10)

    async def ready():
        await asyncio.sleep(1)

    async def main():
        one, two = asyncio.create_task(sleeper()), asyncio.create_task(ready())
        await asyncio.sleep(0)
        two.add_done_callback(print)
        asyncio.get_running_loop().call_later(1, two.cancel)
        one.cancel()
        await asyncio.wait([one, two])

    asyncio.run(main())
"""
PIECES = """
    import asyncio

    async def work(name, delay):
        await asyncio.sleep(delay)
        print(name, end=" ")

    async def main():
        await asyncio.gather(work("one", 1), work("two", 2))
        print("three")

    asyncio.run(main())
"""


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    programs.add("many", MANY)
    programs.add("queue", QUEUE)
    programs.add("crowd", CROWD)
    programs.add("woken_by_a_task", WOKEN_BY_A_TASK)
    programs.add("pieces", PIECES)
    programs.add("cancels", CANCELS)
    if sys.version_info >= (3, 12):
        programs.add("eager", EAGER)
        programs.add("eager_many", EAGER_MANY)
    return programs


def told(trace: Trace, source: str) -> list[tuple[Event, State]]:
    """The program's own events, each with the state after it."""
    events = replay(trace, source).events
    return [
        (event, state)
        for event, state in zip(events, states(events), strict=True)
        if not getattr(event, "internal", False)
    ]


def test_a_long_run_is_cut_off_and_says_so(programs: Recorded) -> None:
    trace = programs.trace("many")
    data = to_json(trace, MANY, 150)
    starts = [row for row in data["events"] if row[0] == "start"]
    assert sum(not row[6:7] or not row[6] for row in starts) == 150
    assert [row[0] for row in data["events"]].count("stop") == len(starts)
    assert data["events"][-1][0] != "end"
    visible = sum(bool(one.steps) for one in narrate(trace, MANY))
    assert data["left_out"] == visible - 150 > 3000


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks are new in Python 3.12")
def test_a_step_inside_another_begins_and_ends_there(programs: Recorded) -> None:
    found = told(programs.trace("eager"), EAGER)[:4]
    assert [type(event) for event, _ in found] == [Start, Start, Stop, Stop]
    assert [[one.who for one in state.running] for _, state in found] == [[1], [1, 2], [1], []]
    assert [state.printed for _, state in found] == [0, 1, 2, 3]
    assert [(task, how.what) for task, how in found[2][1].waiting] == [(2, "sleep 1 s")]


def test_each_moment_agrees_with_the_record(programs: Recorded) -> None:
    """What follows from the events is what the record says of that step."""
    sources = {"queue": QUEUE, "crowd": CROWD, "woken_by_a_task": WOKEN_BY_A_TASK, "pieces": PIECES}
    for name, source in sources.items():
        trace = programs.trace(name)
        index, number = TraceIndex.for_trace(trace), -1
        events = replay(trace, source).events
        for event, state in zip(events, states(events), strict=True):
            if isinstance(event, Start):
                number += 1
                step = trace.steps[number]
                assert state.running[-1].who == (step.task or step.what), name
                if step.ready_before is not None:
                    assert state.ready == step.ready_before, name
            elif isinstance(event, Stop):
                assert (state.ready, state.ready_more) == (step.ready, step.ready_more), name
                assert state.timers == step.timers, name
                ready = index.ready_tasks(number)
                assert not ready & {task for task, _ in state.waiting}, name
                program = {task.id for task in index.program_tasks}
                begun = {one.task for one in trace.steps[: number + 1]} & program
                over = {task for task, _ in state.ended}
                assert {task for task, _ in state.waiting} == begun - over - ready, name
            elif isinstance(event, Sleep):
                assert not state.ready and not state.running, name


def test_the_loop_sleeps_where_nobody_is_ready(programs: Recorded) -> None:
    found = told(programs.trace("queue"), QUEUE)
    sleeps = [
        (round(state.at, 3), event.text) for event, state in found if isinstance(event, Sleep)
    ]
    assert sleeps == [
        (0.0, "Nothing is ready. The loop waits until 2.000 s."),
        (2.0, "Nothing is ready. The loop waits until 2.500 s."),
        (2.75, "Nothing is ready. The loop waits until 3.000 s."),
        (3.0, "Nothing is ready. The loop waits until 4.000 s."),
        (4.0, "Nothing is ready. The loop waits until 5.000 s."),
    ]
    assert isinstance(found[-1][0], End)


def test_while_the_loop_waits_the_playhead_is_where_the_wait_began(programs: Recorded) -> None:
    events = replay(programs.trace("queue"), QUEUE).events
    last, places = None, []
    for event in events:
        if isinstance(event, Stop) and event.x is not None:
            last = event.x
        elif isinstance(event, Sleep):
            places.append((event.x, last))
    assert places and all(x == stopped is not None for x, stopped in places)


def test_the_ready_queue_is_known_when_a_step_begins() -> None:
    """Two timers are found together: while the first task runs, the other one is in line."""
    steps = (
        Step(0.0, 0.0, "task", 1, None, 1, 1, Wait("turn"), (2, 1)),
        Step(0.1, 0.1, "task", 2, None, 1, 1, Wait("turn"), (1, 3, 2), ready_before=(1, 3)),
        Step(0.1, 0.1, "task", 1, None, 1, 1, Wait("turn"), (3, 2, 1)),
    )
    tasks = tuple(Task(number, f"Task-{number}", "work", 1, None, 0.0) for number in (1, 2, 3))
    trace = Trace("3.13", "x.py", "virtual", 1.0, 0, tasks=tasks, steps=steps)
    starts = [state.ready for event, state in told(trace, "") if isinstance(event, Start)]
    assert starts == [(), (1, 3), (3, 2)]


def by_hand(count: int, **more: object) -> Trace:
    """A run of so many eager starts: each has a step, and one around it."""
    steps = [
        step
        for number in range(count)
        for step in (
            Step(number, number + 0.5, "task", 1, None, 1, 1, Wait("turn")),
            Step(number, number + 0.1, "task", number + 2, None, 2, None, None, within=2 * number),
        )
    ]
    tasks = (
        Task(1, "Task-1", "main", 9, None, 0.0, count - 0.5, "returned"),
        *(
            Task(number + 2, f"Task-{number + 2}", "child", 2, 1, number, number + 0.1, "returned")
            for number in range(count)
        ),
    )
    return Trace("3.14", "x.py", "virtual", count - 0.5, 0, tasks=tasks, steps=tuple(steps), **more)  # type: ignore[arg-type]


def test_a_run_that_fits_is_whole_and_a_longer_one_counts_what_is_left_out() -> None:
    assert to_json(by_hand(75), "")["left_out"] == 0
    assert to_json(by_hand(75), "")["events"][-1][0] == "end"
    data = to_json(by_hand(103), "", 150)  # 206 turns
    kinds = [row[0] for row in data["events"]]
    assert (kinds.count("start"), data["left_out"]) == (150, 56)
    assert "end" not in kinds


def test_a_loop_that_runs_inside_a_step_is_not_told_as_an_eager_start() -> None:
    trace = by_hand(1)
    nested = replace(trace, steps=(trace.steps[0], replace(trace.steps[1], time=0.05)))
    assert replay(trace, "").events[1].text == "`child()` starts at once, inside `main()`."  # type: ignore[union-attr]
    assert (
        replay(nested, "").events[1].text  # type: ignore[union-attr]
        == "`child()` starts, while the loop runs again inside `main()`."
    )


def test_a_replay_of_a_cut_record_says_so_and_does_not_end_what_went_on() -> None:
    whole, cut = by_hand(3), by_hand(3, steps_cut=2.6)
    assert to_json(whole, "")["cut"] == ""
    ends = replace(
        cut,
        tasks=(Task(1, "Task-1", "main", 9, None, 0.0, 7.0, "returned"), *cut.tasks[1:]),
        duration=7.0,
    )
    assert to_json(ends, "")["cut"] == "The record ends here, after 6 steps; the program went on."
    found = told(ends, "")
    assert (
        found[-1][1].text
        == "The record ends here, after 6 steps; the program went on. The program ends with exit status 0."
    )
    assert not any(re.match(r"`main\(\)` .*returns", state.text) for _, state in found)
    assert all((1, "returned") not in state.ended for _, state in found[:-1])
    assert any(re.match(r"`main\(\)` .*returns", state.text) for _, state in told(whole, ""))


def test_lines_that_are_only_counted_or_missing_are_told_of() -> None:
    trace = by_hand(2)
    more = replace(trace.steps[0], more_lines=MoreLines(9_900, 4, 5))
    counted = replace(trace, steps=(more, *trace.steps[1:]))
    texts = [state.text for event, state in told(counted, "") if isinstance(event, Stop)]
    assert [text.endswith(" Lines 4–5 ran 9,900 times more.") for text in texts].count(True) == 1
    assert to_json(counted, "")["cut"] == ""
    cut = replace(trace, lines_cut=2, values_cut=1)
    assert to_json(cut, "")["cut"] == (
        "From 0.000 s on, lines and values of variables are missing: there were too many."
    )


def test_a_signal_that_ends_a_program_is_no_exit_status() -> None:
    ended = replace(by_hand(1), exit="SIGKILL")
    assert told(ended, "")[-1][1].text == "The program is ended by SIGKILL."
    assert told(replace(ended, exit=3), "")[-1][1].text == "The program ends with exit status 3."


def test_a_task_that_is_destroyed_waits_until_then() -> None:
    steps = (
        Step(0.0, 0.0, "task", 1, None, 1, 1, Wait("turn"), (2, 1)),
        Step(0.0, 0.0, "task", 2, None, 1, 1, Wait("future"), (1,)),
        Step(1.0, 1.0, "task", 1, None, 1, 1, Wait("turn"), (1,)),
        Step(3.0, 3.0, "task", 1, None, 1, None, None),
    )
    tasks = (
        Task(1, "Task-1", "main", 1, None, 0.0, 3.0, "returned"),
        Task(2, "Task-2", "lost", 1, 1, 0.0, 2.0, "destroyed"),
    )
    trace = Trace("3.13", "x.py", "virtual", 3.0, 0, tasks=tasks, steps=steps)
    found = told(trace, "")
    waits = [2 in dict(state.waiting) for _, state in found]
    assert waits == [*[False] * 3, *[True] * 3, *[False] * 3]
    assert found[-2][1].ended == ((2, "destroyed while pending"), (1, "returned"))


def test_a_step_of_asyncio_s_own_says_whom_it_makes_ready(programs: Recorded) -> None:
    own = internal(replay(programs.trace("queue"), QUEUE).events)
    timers = [woken for who, woken in own if who == "_set_result_unless_cancelled"]
    assert timers == [(1,), (1,), (2,), (3,), (4,)]
    # A task that is ready already is not made so again.
    gathered = [woken for who, woken in own if "_done_callback" in str(who)]
    assert gathered == [*[()] * (len(gathered) - 1), (1,)]


def test_of_asyncio_s_own_steps_the_text_tells_whom_they_make_ready(programs: Recorded) -> None:
    events = replay(programs.trace("queue"), QUEUE).events
    texts = [event.text for event in events if isinstance(event, Stop) and event.internal]
    assert [text for text in texts if text] == [
        "`main()` becomes ready: its sleep is over.",
        "`main()` becomes ready: its sleep is over.",
        "Task-2 (`worker()`) becomes ready: its sleep is over.",
        "Task-3 (`worker()`) becomes ready: its sleep is over.",
        "Task-4 (`worker()`) becomes ready: its sleep is over.",
        "`main()` becomes ready: its gather() is done.",
    ]


def test_who_is_woken_by_an_exception_is_told_from_who_is_cancelled_when_ready(
    programs: Recorded,
) -> None:
    trace = programs.trace("cancels")
    stops = [one.stop for one in narrate(trace, CANCELS)]
    assert any("makes `sleeper()` ready with CancelledError" in text for text in stops)
    events = replay(trace, CANCELS).events
    woken = [
        event.text for event in events if isinstance(event, Stop) and "`ready()`" in event.text
    ]
    # The timer of its sleep came first, and what cancels it changes nothing about that.
    assert "`ready()` becomes ready: its sleep is over." in woken
    assert not any("`ready()` ready with" in text for text in woken)
    late = [step.cancelled_when_ready for step in trace.steps if step.raised == "CancelledError"]
    assert late == [False, True]


def test_tasks_end_in_the_order_in_which_they_ended(programs: Recorded) -> None:
    found = told(programs.trace("cancels"), CANCELS)
    assert [task for task, _ in found[-1][1].ended] == [2, 3, 1]


def internal(events: list[Event]) -> list[tuple[object, tuple[int, ...]]]:
    """Who runs in each of asyncio's own steps, and which tasks that makes ready."""
    return [
        (before.who, event.woken)
        for before, event in zip(events, events[1:], strict=False)
        if isinstance(before, Start) and isinstance(event, Stop) and event.internal
    ]


def test_whom_another_task_made_ready_while_a_timer_was_in_line_has_another_reason(
    programs: Recorded,
) -> None:
    starts = [one.start for one in narrate(programs.trace("woken_by_a_task"), WOKEN_BY_A_TASK)]
    assert [text for text in starts if "its sleep is over" in text] == [
        "`sleep()` resumes: its sleep is over."
    ]
    assert [text for text in starts if "for Event" in text] == [
        "`Event.wait()` resumes: its wait for Event is over."
    ]


def test_whoever_was_ready_before_a_step_of_asyncio_s_own_is_not_made_ready_by_it() -> None:
    steps = (
        Step(0.0, 0.0, "task", 1, None, 1, 1, Wait("sleep", seconds=1), (2,)),
        Step(0.0, 0.0, "task", 2, None, 1, 1, Wait("sleep", seconds=1)),
        Step(
            1.0,
            1.0,
            "timer",
            None,
            "_set_result_unless_cancelled",
            None,
            None,
            None,
            ("timer of Task-2", 1),
        ),
        Step(1.0, 1.0, "timer", None, "_set_result_unless_cancelled", None, None, None, (1, 2)),
        Step(1.0, 1.0, "task", 1, None, 1, None, None, (2,)),
        Step(1.0, 1.0, "task", 2, None, 1, None, None),
    )
    tasks = tuple(
        Task(number, f"Task-{number}", "work", 1, None, 0.0, 1.0, "returned") for number in (1, 2)
    )
    trace = Trace("3.13", "x.py", "virtual", 1.0, 0, tasks=tasks, steps=steps)
    assert [woken for _, woken in internal(replay(trace, "").events)] == [(1,), (2,)]


def test_nobody_who_is_far_back_in_a_long_queue_is_said_to_wait(programs: Recorded) -> None:
    trace = programs.trace("crowd")
    turns = [
        (event, state)
        for event, state in told(trace, CROWD)
        if isinstance(event, Stop) and state.waiting and (1 in dict(state.waiting))
    ]
    first, second = turns[51:101], turns[101:151]
    assert first[0][1].ready == (*range(3, 23),)
    assert first[0][1].ready_more == 30  # itself among them, again
    assert {task for _, state in (*first, *second) for task, _ in state.waiting} == {1}
    # Before their timers were due, they did wait.
    timers = [index for index, step in enumerate(trace.steps) if step.kind == "timer"]
    assert [TraceIndex.for_trace(trace).is_ready(51, index) for index in timers[47:50]] == [
        False,
        False,
        True,
    ]


def test_what_is_left_of_a_sleep_is_counted_from_the_moment(programs: Recorded) -> None:
    found = told(programs.trace("queue"), QUEUE)
    state = next(state for _, state in found if "holds the loop for 0.250 s" in state.text)
    left = {who: round(due - state.at, 3) for due, who in state.timers}
    assert [(task, how.what, left.get(task)) for task, how in state.waiting] == [
        (2, "sleep 1 s", 0.25),
        (3, "sleep 2 s", 1.25),
        (4, "sleep 3 s", 2.25),
        (1, "gather(Task-2, Task-3, Task-4)", None),
    ]
    asleep = next(
        state
        for event, state in found
        if isinstance(event, Stop) and event.text.startswith("Task-4")
    )
    assert [(task, how.what) for task, how in asleep.waiting] == [
        (1, "sleep 2 s"),
        (2, "Event"),
        (3, "Event"),
        (4, "Event"),
    ]


def test_a_line_that_several_steps_print_is_there_when_it_is_whole(programs: Recorded) -> None:
    trace = programs.trace("pieces")
    stops = [
        state.printed for event, state in told(trace, PIECES) if isinstance(event, (Stop, End))
    ]
    assert stops == [0, 0, 0, 0, 0, 1, 1]
    assert trace.text() == "one two three\n"
