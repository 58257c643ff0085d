"""What a stepper is given: a moment a step, and no more than it can show."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from recorders import Recorded

from loopscope import Step, Task, Trace, Wait
from loopscope.trace.index import TraceIndex
from loopscope.views.narration import narrate
from loopscope.views.replay import MAX_LISTED_TASKS, MAX_MOMENTS, replay, to_json

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
    if sys.version_info >= (3, 12):
        programs.add("eager", EAGER)
        programs.add("eager_many", EAGER_MANY)
    return programs


def test_a_long_run_is_cut_off_and_says_so(programs: Recorded) -> None:
    trace = programs.trace("many")
    data = to_json(trace, MANY)
    assert len(trace.steps) > MAX_MOMENTS == len(data["moments"])
    assert (
        data["left_out"] == sum(len(one.steps) for one in narrate(trace, MANY)) - MAX_MOMENTS > 5000
    )
    asleep, last = data["moments"][1000], data["moments"][-1]
    assert len(asleep["waiting"]) <= MAX_LISTED_TASKS and asleep["more"][0] > 900
    # all timers but one have been due: who waited is in line
    assert [number for number, *_ in last["waiting"]] == [1, 1001]
    assert last["ready"][-1].startswith("and 9")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks are new in Python 3.12")
def test_a_step_inside_of_another_is_told_in_its_place(programs: Recorded) -> None:
    moments = [moment for moment in replay(programs.trace("eager"), EAGER) if not moment.internal]
    assert [moment.running for moment in moments[:3]] == [1, 2, 1]
    assert [moment.lines_printed for moment in moments[:3]] == [1, 2, 3]
    assert moments[2].text.startswith("Still the same step: Task-1")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks are new in Python 3.12")
def test_what_is_left_out_of_a_run_with_steps_inside_of_steps_is_counted(
    programs: Recorded,
) -> None:
    trace = programs.trace("eager_many")
    data = to_json(trace, EAGER_MANY)
    assert len(data["moments"]) == MAX_MOMENTS
    steps = sum(len(one.steps) for one in narrate(trace, EAGER_MANY))
    assert (
        steps + len({step.within for step in trace.steps} - {None})
        == MAX_MOMENTS + data["left_out"]
    )
    assert data["left_out"] > 100


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


def test_moments_that_are_left_out_are_counted_on_any_python() -> None:
    assert to_json(by_hand(666), "")["left_out"] == 0
    data = to_json(by_hand(703), "")  # 1,406 steps
    assert (len(data["moments"]), data["left_out"]) == (MAX_MOMENTS, 703 * 3 - MAX_MOMENTS)


def test_a_loop_that_runs_inside_of_a_step_is_not_told_as_an_eager_start() -> None:
    trace = by_hand(1)
    nested = replace(trace, steps=(trace.steps[0], replace(trace.steps[1], time=0.05)))
    assert replay(trace, "")[0].text.endswith(
        "creates a task that starts at once, before `create_task()` has returned."
    )
    assert (
        replay(nested, "")[0].text == "Task-1 runs, and lets the loop run inside of its own step."
    )
    assert replay(nested, "")[1].text.startswith(
        "Task-2 (`child`) starts, while the loop runs again inside of Task-1"
    )


def test_a_replay_of_a_cut_record_says_so_and_does_not_end_what_went_on() -> None:
    whole, cut = by_hand(3), by_hand(3, steps_cut=2.6)
    assert to_json(whole, "")["cut"] == ""
    assert "Still the same step: Task-1 resumes" in replay(whole, "")[-2].text
    ends = Trace(
        **{
            **vars(cut),
            "tasks": (Task(1, "Task-1", "main", 9, None, 0.0, 7.0, "returned"), *cut.tasks[1:]),
            "duration": 7.0,
        }
    )
    assert to_json(ends, "")["cut"] == "The record ends here, after 6 steps; the program went on."
    moments = replay(ends, "")
    assert (
        moments[-1].text
        == "The record ends here, after 6 steps; the program went on. The program ends with exit status 0."
    )
    assert not any(" returns" in moment.text and moment.running == 1 for moment in moments)
    assert all((1, "returned") not in moment.finished for moment in moments[:-1])
    assert any("and returns" in moment.text and moment.running == 1 for moment in replay(whole, ""))


def test_a_signal_that_ends_a_program_is_no_exit_status() -> None:
    ended = replace(by_hand(1), exit="SIGKILL")
    assert replay(ended, "")[-1].text == "The program is ended by SIGKILL."
    assert replay(replace(ended, exit=3), "")[-1].text == "The program ends with exit status 3."


def test_what_made_a_step_possible_is_told_once_and_before_what_ran_inside_of_it() -> None:
    trace = by_hand(1)
    timer = Step(0.0, 0.0, "timer", None, "_set_result_unless_cancelled", None, None, None, (1,))
    late = replace(trace, steps=(timer, trace.steps[0], replace(trace.steps[1], within=1)))
    moments = [moment for moment in replay(late, "") if not moment.internal]
    assert [moment.cause for moment in moments[:2]] == ["The timer of Task-1 is due. ", ""]
    assert not any("is due" in moment.text for moment in moments)


def test_a_step_of_asyncio_s_own_says_whom_it_makes_ready(programs: Recorded) -> None:
    own = [moment.text for moment in replay(programs.trace("queue"), QUEUE) if moment.internal]
    name = "_set_result_unless_cancelled"
    assert [text for text in own if name in text] == [
        f"asyncio's own callback `{name}` runs. It makes Task-{number} ready."
        for number in (1, 1, 2, 3, 4)
    ]
    # A task that is ready already is not made so again.
    gathered = [text for text in own if "_done_callback" in text]
    assert gathered[:-1] == ["asyncio's own callback `gather.<locals>._done_callback` runs."] * (
        len(gathered) - 1
    )
    assert gathered[-1].endswith("runs. It makes Task-1 ready.")


def test_whom_another_task_made_ready_while_a_timer_was_in_line_has_no_timer(
    programs: Recorded,
) -> None:
    causes = [one.cause for one in narrate(programs.trace("woken_by_a_task"), WOKEN_BY_A_TASK)]
    assert [cause for cause in causes if cause] == ["The timer of Task-2 is due. "]


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
    assert [moment.text for moment in replay(trace, "") if moment.internal] == [
        f"asyncio's own callback `_set_result_unless_cancelled` runs. It makes Task-{number} ready."
        for number in (1, 2)
    ]


def test_nobody_who_is_far_back_in_a_long_queue_is_told_to_wait(programs: Recorded) -> None:
    trace = programs.trace("crowd")
    moments = [moment for moment in replay(trace, CROWD) if moment.running != 1]
    turns = [moment for moment in moments if not moment.internal]
    first, second = turns[50:100], turns[100:150]
    assert (
        [moment.running for moment in first]
        == [moment.running for moment in second]
        == [*range(2, 52)]
    )
    assert first[0].ready == (*range(3, 23), "and 30 more")  # itself among them, again
    assert {number for moment in (*first, *second) for number, *_ in moment.waiting} == {1}
    names = ", ".join(f"Task-{number}" for number in range(2, 22))
    assert first[0].cause == f"The timers of {names} and 30 more are due. "
    own = [
        moment.text.partition(" runs. ")[2]
        for moment in moments
        if moment.internal and "_set_result" in moment.text
    ]
    assert own[:50] == [f"It makes Task-{number} ready." for number in range(2, 52)]
    # Before their timers were due, they did wait.
    timers = [index for index, step in enumerate(trace.steps) if step.kind == "timer"]
    assert [TraceIndex.for_trace(trace).is_ready(51, index) for index in timers[47:50]] == [
        False,
        False,
        True,
    ]


def test_the_seconds_left_are_counted_from_the_end_of_a_step(programs: Recorded) -> None:
    moments = replay(programs.trace("queue"), QUEUE)
    blocked = next(moment for moment in moments if "holds the loop for 0.250 s" in moment.text)
    assert [(task, what, left and round(left, 3)) for task, what, left in blocked.waiting] == [
        (2, "sleep 1 s", 0.25),
        (3, "sleep 2 s", 1.25),
        (4, "sleep 3 s", 2.25),
    ]
    assert moments[0].waiting == ()
    assert moments[1].waiting == ((1, "sleep 2 s", 1.999999),)
    asleep = next(moment for moment in moments if moment.running == 4)
    assert [(task, what, left) for task, what, left in asleep.waiting] == [
        (1, "sleep 2 s", 1.999999),
        (2, "Event", None),
        (3, "Event", None),
    ]


def test_a_line_that_several_steps_print_is_there_when_it_is_whole(programs: Recorded) -> None:
    trace = programs.trace("pieces")
    moments = [moment for moment in replay(trace, PIECES) if not moment.internal]
    assert [moment.lines_printed for moment in moments] == [0, 0, 0, 0, 0, 1, 1]
    assert trace.text() == "one two three\n"
