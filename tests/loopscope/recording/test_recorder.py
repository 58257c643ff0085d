"""What the steps of a record are: which task, from which line to which, waiting for what, and how
it ended.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from recorders import Recorded

from loopscope import Output, Task, Trace, Wait
from loopscope.trace.index import TraceIndex
from loopscope.views.narration import narrate

PROGRAMS: dict[str, tuple[str, dict]] = {}


def program(name: str, text: str, python: tuple[int, int] = (3, 10), **how: object) -> None:
    if sys.version_info >= python:
        PROGRAMS[name] = (text, how)


class Told(NamedTuple):
    """A step, its lines by their text."""

    task: str
    resumed: str | None
    left: str | None
    waits: str | None


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    programs.add_all(PROGRAMS)
    return programs


def told(programs: Recorded, name: str) -> list[Told]:
    """The steps of tasks."""
    trace, lines = programs.trace(name), programs.source(name)
    assert trace.notes == ()
    return [
        Told(
            trace.task(step.task).name,
            text(lines, step.resumed_line),
            text(lines, step.suspended_line),
            step.wait_text or None,
        )
        for step in trace.steps
        if step.task is not None and not trace.task(step.task).internal
    ]


def text(lines: list[str], number: int | None) -> str | None:
    return lines[number - 1].strip() if number else None


def tasks(trace: Trace) -> dict[str, Task]:
    return {task.name: task for task in trace.tasks if not task.internal}


def waits(programs: Recorded, name: str, task: str = "Task-1") -> list[str]:
    return [step.waits for step in told(programs, name) if step.task == task and step.waits]


# Two tasks

TWO_TASKS = """
    import asyncio

    async def work(name: str, delay: float) -> str:
        print(name, "starts")
        await asyncio.sleep(delay)
        print(name, "ends")
        return name

    async def main() -> None:
        first = asyncio.create_task(work("first", 1))
        second = asyncio.create_task(work("second", 0.25), name="second")
        print(await first)
        await second

    asyncio.run(main())
    """
program("two_tasks", TWO_TASKS)
program("two_tasks_real", TWO_TASKS.replace("0.25", "0.05").replace("1)", "0.5)"), clock="real")


@pytest.mark.parametrize("name", ["two_tasks", "two_tasks_real"])
def test_each_step_says_where_it_began_where_it_ended_and_what_it_waits_for(
    programs: Recorded, name: str
) -> None:
    short, long = ("0.05", "0.5") if name.endswith("real") else ("0.25", "1")
    sleep = "await asyncio.sleep(delay)"
    assert told(programs, name) == [
        Told("Task-1", "async def main() -> None:", "print(await first)", "Task-2"),
        Told("Task-2", "async def work(name: str, delay: float) -> str:", sleep, f"sleep {long} s"),
        Told(
            "second", "async def work(name: str, delay: float) -> str:", sleep, f"sleep {short} s"
        ),
        Told("second", sleep, None, None),
        Told("Task-2", sleep, None, None),
        Told("Task-1", "print(await first)", None, None),
    ]


def test_tasks_know_who_made_them_where_and_how_they_ended(programs: Recorded) -> None:
    trace, lines = programs.trace("two_tasks"), programs.source("two_tasks")
    made = tasks(trace)
    assert list(made) == ["Task-1", "Task-2", "second"]
    assert [task.coro for task in made.values()] == ["main", "work", "work"]
    assert [task.parent for task in made.values()] == [None, 1, 1]
    assert [text(lines, task.line) for task in made.values()] == [
        "asyncio.run(main())",
        'first = asyncio.create_task(work("first", 1))',
        'second = asyncio.create_task(work("second", 0.25), name="second")',
    ]
    assert [task.outcome for task in made.values()] == ["returned"] * 3


def test_virtual_times_are_exact(programs: Recorded) -> None:
    trace = programs.trace("two_tasks")
    turn = 1e-6
    assert [round(task.created, 9) for task in trace.tasks[:3]] == [0, turn, turn]
    assert [round(step.time, 6) for step in trace.steps if step.task == 2] == [2 * turn, 1.000023]
    assert [(round(piece.time, 6), piece.text) for piece in trace.output] == [
        (0.000002, "first starts\n"),
        (0.000002, "second starts\n"),
        (0.250023, "second ends\n"),
        (1.000023, "first ends\n"),
        (1.000024, "first\n"),
    ]
    assert 1.000024 <= trace.duration < 1.00005


def test_the_ready_queue_and_the_timers_are_told_after_each_step(programs: Recorded) -> None:
    trace = programs.trace("two_tasks")
    steps = [step for step in trace.steps if step.kind == "task"]
    assert steps[0].ready == (2, 3)
    assert steps[0].timers == ()
    assert steps[1].ready == (3,)
    assert [(round(due, 4), task) for due, task in steps[1].timers] == [(1.0, 2)]
    assert [(round(due, 4), task) for due, task in steps[2].timers] == [(0.25, 3), (1.0, 2)]
    assert [step.kind for step in trace.steps[:4]] == ["task", "task", "task", "timer"]
    assert trace.steps[3].ready == (3,)
    assert trace.steps[3].what == "_set_result_unless_cancelled"


def test_output_belongs_to_its_task_line_and_step(programs: Recorded) -> None:
    trace, lines = programs.trace("two_tasks"), programs.source("two_tasks")
    assert [(piece.text, piece.task, text(lines, piece.line)) for piece in trace.output] == [
        ("first starts\n", 2, 'print(name, "starts")'),
        ("second starts\n", 3, 'print(name, "starts")'),
        ("second ends\n", 3, 'print(name, "ends")'),
        ("first ends\n", 2, 'print(name, "ends")'),
        ("first\n", 1, "print(await first)"),
    ]
    for piece in trace.output:
        assert piece.step is not None
        assert trace.steps[piece.step].task == piece.task


def test_books_that_asyncio_keeps_are_told_apart(programs: Recorded) -> None:
    trace = programs.trace("two_tasks")
    assert [
        step.kind
        for index, step in enumerate(trace.steps)
        if index not in TraceIndex.for_trace(trace).internal_steps
    ] == ["task"] * 6


# What there is to wait for

WAITS = {
    "sleep": ("await asyncio.sleep(1.5)", ["sleep 1.5 s"]),
    "sleep_bool": ("await asyncio.sleep(True)", ["sleep 1 s"]),
    "sleep_fraction": ("await asyncio.sleep(fractions.Fraction(1, 2))", ["a sleep"]),
    "sleep_no_fraction": ("await asyncio.sleep(fractions.Fraction(0))", ["sleep 0 s"]),
    "bare_stream": (
        "s = asyncio.StreamReader(); loop.call_later(1, s.feed_eof); await s.readline()",
        ["a stream"],
    ),
    "concurrent_future": (
        "f = concurrent.futures.Future(); loop.call_later(1, f.set_result, 1); await asyncio.wrap_future(f)",
        ["a concurrent future"],
    ),
    "sleep_zero": ("await asyncio.sleep(0)", ["sleep 0 s"]),
    "task": ("await asyncio.create_task(work(), name='the work')", ["the work"]),
    "future": (
        "loop.call_later(1, (f := loop.create_future()).set_result, 1); await f",
        ["a future"],
    ),
    "lock": (
        "l = asyncio.Lock(); await l.acquire(); loop.call_later(1, l.release); await l.acquire()",
        ["Lock"],
    ),
    "async_with_lock": (
        "l = asyncio.Lock(); await l.acquire(); loop.call_later(1, l.release)\n    async with l: pass",
        ["Lock"],
    ),
    "event": ("e = asyncio.Event(); loop.call_later(1, e.set); await e.wait()", ["Event"]),
    "semaphore": (
        "s = asyncio.Semaphore(0); loop.call_later(1, s.release); await s.acquire()",
        ["Semaphore"],
    ),
    "bounded": (
        "s = asyncio.BoundedSemaphore(1); await s.acquire(); loop.call_later(1, s.release); await s.acquire()",
        ["BoundedSemaphore"],
    ),
    "condition": (
        "c = asyncio.Condition(); t = asyncio.create_task(notify(c))\n    async with c: await c.wait()",
        ["Condition", "Condition"],
    ),
    "queue_get": (
        "q = asyncio.Queue(); loop.call_later(1, q.put_nowait, 1); await q.get()",
        ["Queue.get"],
    ),
    "queue_put": (
        "q = asyncio.Queue(1); q.put_nowait(1); loop.call_later(1, q.get_nowait); await q.put(2)",
        ["Queue.put"],
    ),
    "queue_join": (
        "q = asyncio.Queue(); q.put_nowait(1); loop.call_later(1, q.task_done); await q.join()",
        ["Queue.join"],
    ),
    "gather": ("await asyncio.gather(work(), work())", ["gather(Task-2, Task-3)"]),
    "gather_many": (
        "await asyncio.gather(*[work() for _ in range(5)])",
        ["gather(Task-2, Task-3, Task-4, …)"],
    ),
    "wait": (
        "await asyncio.wait([asyncio.create_task(work()) for _ in range(2)])",
        ["wait(Task-2, Task-3)"],
    ),
    "wait_for": ("await asyncio.wait_for(asyncio.create_task(work()), 5)", ["Task-2"]),
    "as_completed": ("await next(iter(asyncio.as_completed([work()])))", ["as_completed"]),
    "shield": ("await asyncio.shield(asyncio.create_task(work()))", ["shield(Task-2)"]),
    "own_generator": ("await Own()", ["sleep 1 s"]),
    "in_library": (
        "async with contextlib.AsyncExitStack() as s: s.push_async_callback(asyncio.sleep, 1)",
        ["sleep 1 s"],
    ),
    "anext_default": ("await anext(ticks(), None)", ["sleep 1 s"]),
    "manager": ("async with managed(): pass", ["sleep 1 s"]),
}
if sys.version_info >= (3, 11):
    WAITS["task_group"] = (
        "async with asyncio.TaskGroup() as g: g.create_task(work())",
        ["TaskGroup"],
    )
    WAITS["barrier"] = (
        "b = asyncio.Barrier(2); t = asyncio.create_task(join(b)); await b.wait()",
        ["Barrier"],
    )
    WAITS["timeout"] = ("async with asyncio.timeout(5): await asyncio.sleep(1)", ["sleep 1 s"])
WAITS_REAL = {
    "to_thread": ("await asyncio.to_thread(time.sleep, 0.05)", ["a thread"]),
    "executor": ("await loop.run_in_executor(None, time.sleep, 0.05)", ["an executor"]),
    "process": (
        "p = await asyncio.create_subprocess_exec('sleep', '0.05'); await p.wait()",
        "a process",
    ),
    "communicate": (
        "p = await asyncio.create_subprocess_exec('sh', '-c', 'sleep 0.05; echo x', stdout=-1); await p.communicate()",
        "a process",
    ),
    "process_output": (
        "p = await asyncio.create_subprocess_exec('sh', '-c', 'sleep 0.05; echo x', stdout=-1); await p.stdout.readline(); await p.wait()",
        "a pipe",
    ),
    "socket": (
        "a, b = socket.socketpair(); a.setblocking(False); loop.call_later(0.05, b.send, b'x'); await loop.sock_recv(a, 9)",
        ["a socket"],
    ),
    "stream": (
        "a, b = socket.socketpair(); r, w = await asyncio.open_connection(sock=a); loop.call_later(0.05, b.send, b'x'); await r.read(9)",
        "a socket",
    ),
    "another_loop": (
        "await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), other)); other.call_soon_threadsafe(other.stop)",
        ["run_coroutine_threadsafe(work)"],
    ),
    "serving": (
        "s = await asyncio.start_server(print, '127.0.0.1', 0); loop.call_later(0.05, asyncio.current_task().cancel)\n"
        "    try: await s.serve_forever()\n    except asyncio.CancelledError: pass",
        ["a socket", "sleep 0 s", "clients"],
    ),
}
for _name, (_statement, _) in {**WAITS, **WAITS_REAL}.items():
    program(
        f"waits_{_name}",
        f"""
import asyncio, concurrent.futures, contextlib, fractions, socket, time

async def work(): await asyncio.sleep(1)
async def join(barrier): await asyncio.sleep(1); await barrier.wait()
async def ticks():
    await asyncio.sleep(1)
    yield 1
@contextlib.asynccontextmanager
async def managed():
    await asyncio.sleep(1)
    yield
async def notify(condition):
    await asyncio.sleep(1)
    async with condition: condition.notify(); await asyncio.sleep(1)
class Own:
    def __await__(self): return (yield from asyncio.sleep(1).__await__())

{
            ""
            if _name != "another_loop"
            else '''
import threading
other = asyncio.new_event_loop()
threading.Thread(target=other.run_forever).start()
'''
        }
async def main():
    loop = asyncio.get_running_loop()
    {_statement}

asyncio.run(main())
""",
        clock="real" if _name in WAITS_REAL else "virtual",
    )


@pytest.mark.parametrize("name", [*WAITS, *WAITS_REAL])
def test_what_is_waited_for_has_a_name(programs: Recorded, name: str) -> None:
    trace = programs.trace(f"waits_{name}")
    assert (trace.exit, trace.text()) == (0, "")
    expected = {**WAITS, **WAITS_REAL}[name][1]
    seen = waits(programs, f"waits_{name}")
    if name in WAITS_REAL:
        seen = list(dict.fromkeys(seen))
    if isinstance(expected, str):
        assert expected in seen
        assert not {"a future", "a socket"} - {expected} & set(seen)
    else:
        assert seen == expected


# How tasks end

program(
    "ends",
    """
    import asyncio

    async def work(name):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            if name == "deaf":
                await asyncio.sleep(1)
                return
            raise

    async def fail():
        raise LookupError("gone")

    async def main():
        early, obedient, deaf = (asyncio.create_task(work(name), name=name) for name in ("early", "obedient", "deaf"))
        failing = asyncio.create_task(fail(), name="failing")
        early.cancel()
        await asyncio.sleep(0)
        obedient.cancel()
        deaf.cancel()
        print(await asyncio.gather(early, obedient, deaf, failing, return_exceptions=True))

    asyncio.run(main())
    """,
)


def test_how_tasks_end(programs: Recorded) -> None:
    ends = tasks(programs.trace("ends"))
    assert {name: (task.outcome, task.error) for name, task in ends.items()} == {
        "Task-1": ("returned", None),
        "early": ("cancelled", None),
        "obedient": ("cancelled", None),
        "deaf": ("returned", None),
        "failing": ("raised", "LookupError"),
    }
    assert [step for step in told(programs, "ends") if step.task == "early"] == [
        Told("early", "async def work(name):", None, None)
    ]
    assert [
        (step.resumed, step.waits) for step in told(programs, "ends") if step.task == "deaf"
    ] == [
        ("async def work(name):", "sleep 10 s"),
        ("await asyncio.sleep(10)", "sleep 1 s"),
        ("await asyncio.sleep(1)", None),
    ]


program(
    "raised",
    """
    import asyncio

    async def work():
        await asyncio.sleep(10)

    async def fail():
        raise LookupError("no such order")

    async def main():
        early = asyncio.create_task(work(), name="early")
        early.cancel()
        late = asyncio.create_task(work(), name="late")
        await asyncio.sleep(1)
        late.cancel()
        try:
            await asyncio.create_task(fail(), name="failing")
        except LookupError:
            pass
        try:
            async with asyncio.timeout(1):
                await asyncio.sleep(9)
        except TimeoutError:
            print("too late")

    asyncio.run(main())
    """,
    (3, 11),
)


def test_a_step_says_what_is_raised_at_the_await_where_it_goes_on(programs: Recorded) -> None:
    trace = programs.trace("raised")
    raised = [
        (trace.task(step.task).name, step.raised)
        for step in trace.steps
        if step.task and step.raised
    ]
    assert raised == [
        ("early", "CancelledError"),
        ("late", "CancelledError"),
        ("Task-1", "LookupError"),
        ("Task-1", "CancelledError"),
    ]
    said = [sentence.text for sentence in narrate(trace, "\n".join(programs.source("raised")))]
    assert (
        "early (`work()`) was cancelled before its first line had run. It ends, cancelled." in said
    )
    assert (
        "late resumes at `await asyncio.sleep(10)`, where CancelledError is raised. It ends, cancelled."
        in said
    )
    assert any(
        text.startswith(
            '`main()` resumes at `await asyncio.create_task(fail(), name="failing")`, where LookupError is raised. It'
        )
        for text in said
    )
    assert any(
        text.startswith(
            "The time limit of `main()` is over. `main()` resumes at `await asyncio.sleep(9)`, where Cancel"
        )
        for text in said
    )


program(
    "other_loop",
    """
    import asyncio
    import uvloop

    async def main():
        await asyncio.create_task(asyncio.sleep(0.1))
        print("done")

    uvloop.run(main())
    """,
    (3, 11),
    clock="real",
)


def test_of_a_loop_that_is_not_asyncio_s_own_nothing_is_told_but_that(programs: Recorded) -> None:
    trace = programs.trace("other_loop")
    assert (trace.text(), trace.tasks, trace.steps) == ("done\n", (), ())
    assert trace.notes == (
        "it ran on a loop that is not asyncio's own (uvloop.Loop); its steps were not recorded",
    )


program(
    "group_fails",
    """
    import asyncio

    async def sibling():
        await asyncio.sleep(10)

    async def failing():
        await asyncio.sleep(1)
        raise ValueError("no")

    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(sibling())
            group.create_task(failing())

    asyncio.run(main())
    """,
    (3, 11),
)


@pytest.mark.skipif("group_fails" not in PROGRAMS, reason="needs Python 3.11")
def test_a_failure_in_a_group_cancels_and_is_told(programs: Recorded) -> None:
    trace = programs.trace("group_fails")
    assert [(task.coro, task.outcome, task.error) for task in trace.tasks if not task.internal] == [
        ("main", "raised", "ExceptionGroup"),
        ("sibling", "cancelled", None),
        ("failing", "raised", "ValueError"),
    ]
    assert (trace.exit, trace.error) == (
        1,
        "ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
    )
    assert set(waits(programs, "group_fails")) == {"TaskGroup"}
    assert round(trace.duration, 4) == 1


program(
    "abandoned",
    """
    import asyncio, gc

    async def wait_for_nothing():
        await asyncio.get_running_loop().create_future()

    async def main():
        asyncio.create_task(wait_for_nothing(), name="lost")
        await asyncio.sleep(1)
        gc.collect()
        await asyncio.sleep(1)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())
    left = loop.create_task(asyncio.sleep(1), name="left")
    loop.run_until_complete(asyncio.sleep(0))
    import os, sys
    sys.stderr.flush()
    os._exit(0)
    """,
)


def test_a_task_that_is_collected_while_it_waits_is_destroyed(programs: Recorded) -> None:
    trace = programs.trace("abandoned")
    lost = tasks(trace)["lost"]
    assert lost.outcome == "destroyed"
    assert lost.ended is not None
    assert round(lost.ended, 3) == 1
    assert tasks(trace)["left"].outcome == "pending"
    assert "Task was destroyed but it is pending!" in trace.text("stderr")


# Eager tasks

program(
    "eager",
    """
    import asyncio

    async def silent():
        return 1

    async def loud():
        print("loud")
        await asyncio.sleep(1)

    async def outer():
        inner = asyncio.create_task(silent(), name="inner")
        print("outer")
        await inner
        await asyncio.create_task(loud(), name="late")

    async def blocks():
        import time
        time.sleep(0.5)

    async def main():
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        asyncio.create_task(silent(), name="silent")
        task = asyncio.create_task(loud(), name="loud")
        print("main")
        other = asyncio.create_task(outer(), name="outer")
        asyncio.create_task(blocks(), name="blocks")
        try:
            asyncio.create_task("not a coroutine")
        except TypeError as problem:
            print("refused")
        await task
        await other

    asyncio.run(main())
    """,
    (3, 12),
)


@pytest.mark.skipif("eager" not in PROGRAMS, reason="needs Python 3.12")
def test_eager_tasks_have_steps_inside_of_their_creators(programs: Recorded) -> None:
    trace, lines = programs.trace("eager"), programs.source("eager")
    made = tasks(trace)
    assert list(made) == ["Task-1", "silent", "loud", "outer", "inner", "late", "blocks"]
    assert [task.coro for task in made.values()] == [
        "main",
        "silent",
        "loud",
        "outer",
        "silent",
        "loud",
        "blocks",
    ]
    assert {name: made[name].parent for name in made} == {
        "Task-1": None,
        "silent": 1,
        "loud": 1,
        "outer": 1,
        "inner": 4,
        "late": 4,
        "blocks": 1,
    }
    assert text(lines, made["inner"].line) == 'inner = asyncio.create_task(silent(), name="inner")'
    assert text(lines, made["loud"].line) == 'task = asyncio.create_task(loud(), name="loud")'
    assert all(task.outcome == "returned" for task in made.values())
    first = [index for index, step in enumerate(trace.steps) if step.kind == "task"][:7]
    names = [trace.task(trace.steps[index].task).name for index in first]
    assert names == ["Task-1", "silent", "loud", "outer", "inner", "late", "blocks"]
    main, outer = first[0], first[3]
    assert [trace.steps[index].within for index in first] == [
        None,
        main,
        main,
        main,
        outer,
        outer,
        main,
    ]
    assert [trace.steps[index].wait_text for index in first] == [
        "loud",
        "",
        "sleep 1 s",
        "late",
        "",
        "sleep 1 s",
        "",
    ]
    by_text = {piece.text.strip(): piece for piece in trace.output}
    assert by_text["outer"].step == outer
    assert by_text["main"].step == main
    assert [piece.step for piece in trace.output if piece.text == "loud\n"] == [first[2], first[5]]
    assert by_text["refused"].step == main
    assert round(trace.steps[first[6]].end - trace.steps[first[6]].time, 3) == 0.5
    assert round(trace.steps[main].end - trace.steps[main].time, 3) == 0.5


program(
    "eager_by_name",
    """
    import asyncio

    async def quick():
        print("quick")

    async def main():
        await asyncio.create_task(quick(), eager_start=True, name="at once")
        async with asyncio.TaskGroup() as group:
            group.create_task(quick(), eager_start=True)

    asyncio.run(main())
    """,
    (3, 14),
)


@pytest.mark.skipif("eager_by_name" not in PROGRAMS, reason="needs Python 3.14")
def test_one_task_may_start_eagerly(programs: Recorded) -> None:
    trace = programs.trace("eager_by_name")
    assert [(step.task, step.within) for step in told_steps(trace)[:3]] == [
        ("Task-1", None),
        ("at once", 0),
        ("Task-2", 0),
    ]


def told_steps(trace: Trace) -> list[Told]:
    class Inside(NamedTuple):
        task: str
        within: int | None

    return [Inside(trace.task(step.task).name, step.within) for step in trace.steps if step.task]  # type: ignore[misc]


# Generators, names, blocking, loops

program(
    "generators",
    """
    import asyncio

    async def numbers():
        for number in range(2):
            await asyncio.sleep(1)
            yield number

    async def main():
        async for number in numbers():
            print(number)
        print([number async for number in numbers()])

    asyncio.run(main())
    """,
)


def test_a_task_that_waits_in_an_async_generator_stands_at_the_innermost_line(
    programs: Recorded,
) -> None:
    sleep = "await asyncio.sleep(1)"
    assert told(programs, "generators") == [
        Told("Task-1", "async def main():", sleep, "sleep 1 s"),
        *[Told("Task-1", sleep, sleep, "sleep 1 s")] * 3,
        Told("Task-1", sleep, None, None),
    ]


program(
    "blocked",
    """
    import asyncio, time

    async def rename():
        asyncio.current_task().set_name("renamed")
        await asyncio.sleep(0.1)

    async def main():
        task = asyncio.create_task(rename())
        await asyncio.sleep(0)
        time.sleep(0.2)
        await task

    asyncio.run(main())
    """,
)


def test_a_blocked_step_is_as_long_as_it_blocks(programs: Recorded) -> None:
    trace = programs.trace("blocked")
    assert max(round(step.end - step.time, 6) for step in trace.steps) == 0.2
    assert [task.name for task in trace.tasks if not task.internal] == ["Task-1", "renamed"]
    assert [step.wait_text for step in trace.steps if step.task == 2] == ["sleep 0.1 s", ""]
    assert round(trace.steps[-1].time, 3) == 0.2


program(
    "several_loops",
    """
    import asyncio, time

    async def main(number):
        await asyncio.sleep(1)
        print(number)

    asyncio.run(main(1))
    time.sleep(1)
    print("between")
    asyncio.run(main(2))
    """,
)


def test_several_loops_follow_one_another(programs: Recorded) -> None:
    trace, lines = programs.trace("several_loops"), programs.source("several_loops")
    assert [
        (task.coro, text(lines, task.line), task.outcome)
        for task in trace.tasks
        if not task.internal
    ] == [
        ("main", "asyncio.run(main(1))", "returned"),
        ("main", "asyncio.run(main(2))", "returned"),
    ]
    assert [round(task.created, 2) for task in trace.tasks if not task.internal] == [0, 2]
    between = next(piece for piece in trace.output if piece.text == "between\n")
    assert (between.task, between.step, round(between.time, 2)) == (None, None, 2)


program(
    "in_a_thread",
    """
    import asyncio, threading

    async def work(name):
        print(f"{name} begins\\n", end="")  # in one piece, or the other thread may come in between
        await asyncio.sleep(0.1)
        print(f"{name} ends\\n", end="")

    thread = threading.Thread(target=lambda: asyncio.run(work("thread")))
    thread.start()
    asyncio.run(work("main"))
    thread.join()
    """,
    clock="real",
)


def test_loops_in_threads_do_not_mix(programs: Recorded) -> None:
    trace = programs.trace("in_a_thread")
    assert [task.outcome for task in trace.tasks if not task.internal] == ["returned", "returned"]
    for name in ("thread", "main"):
        begins, ends = (
            next(piece for piece in trace.output if piece.text == f"{name} {verb}\n")
            for verb in ("begins", "ends")
        )
        assert begins.task == ends.task is not None
        assert own_step(trace, begins)
        assert own_step(trace, ends)


def own_step(trace: Trace, piece: Output) -> bool:
    return piece.step is not None and trace.steps[piece.step].task == piece.task


program(
    "callbacks",
    """
    import asyncio, os

    def tick(word):
        print(word)

    async def main():
        loop = asyncio.get_running_loop()
        loop.call_soon(tick, "soon")
        loop.call_later(0.05, tick, "later")
        read, write = os.pipe()
        loop.add_reader(read, lambda: tick(os.read(read, 9)))
        loop.call_later(0.1, os.write, write, b"x")
        await asyncio.sleep(0.2)

    asyncio.run(main())
    """,
    clock="real",
)


def test_callbacks_timers_and_input_are_told_apart(programs: Recorded) -> None:
    trace = programs.trace("callbacks")
    kinds = [
        (trace.steps[piece.step].kind, trace.steps[piece.step].what, piece.text)
        for piece in trace.output
        if piece.step is not None
    ]
    assert kinds == [
        ("callback", "tick", "soon\n"),
        ("timer", "tick", "later\n"),
        ("i/o", "main.<locals>.<lambda>", "b'x'\n"),
    ]
    assert all(piece.task is None for piece in trace.output)


# Where a step ends

program(
    "after_the_run",
    """
    import asyncio, time

    async def work():
        print("works")

    async def main():
        await asyncio.create_task(work())

    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())
    time.sleep(0.5)
    handle = loop.call_soon(loop.stop)
    loop.call_later(5, print)
    loop.run_forever()
    time.sleep(0.25)
    print("after")
    loop.run_until_complete(main())
    """,
)


def test_time_outside_of_the_loop_is_not_part_of_a_step(programs: Recorded) -> None:
    trace = programs.trace("after_the_run")
    assert max(step.end - step.time for step in trace.steps) < 0.001
    stop = next(step for step in trace.steps if step.what == "BaseEventLoop.stop")
    # as they were, though a print comes later
    assert [(round(due, 2), what) for due, what in stop.timers] == [(5.5, "print")]
    after = next(piece for piece in trace.output if piece.text == "after\n")
    assert (after.task, after.step) == (None, None)


program(
    "raises_out",
    """
    import asyncio, sys, time

    async def main():
        print("in the loop")
        sys.exit("enough")

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(main())
    except SystemExit as problem:
        time.sleep(0.5)
        print(problem)
    loop.close()
    """,
)


def test_a_step_that_ends_the_run_by_an_exception_ends_with_it(programs: Recorded) -> None:
    trace = programs.trace("raises_out")
    (step,) = trace.steps
    assert step.end - step.time < 0.001
    assert [(piece.text, piece.step) for piece in trace.output] == [
        ("in the loop\n", 0),
        ("enough\n", None),
    ]
    assert trace.task(1).outcome == "raised"


program(
    "let_go",
    """
    import asyncio, gc, sys

    async def wait_for_nothing():
        await loop.create_future()

    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: print(context["message"], context["task"].get_name()))
    for name in ("by turn", "by run")[sys.version_info >= (3, 14) :]:  # from then on a task's step needs a running loop
        loop.call_soon(loop.stop)
        task = loop.create_task(wait_for_nothing(), name=name)
        if name == "by turn":
            loop._run_once()
        else:
            loop.run_forever()
        del task
        gc.collect()
        print("gone")
    """,
)


def test_the_last_step_of_a_run_does_not_keep_its_task(programs: Recorded) -> None:
    trace = programs.trace("let_go")
    names = [task.name for task in trace.tasks]
    assert names[-1] == "by run"
    assert trace.text().splitlines() == [
        line for name in names for line in (f"Task was destroyed but it is pending! {name}", "gone")
    ]
    assert {task.outcome for task in trace.tasks} == {"destroyed"}


program(
    "nobody_holds_it",
    """
    import asyncio

    async def quick():
        return 1

    async def main():
        asyncio.create_task(quick(), name="quick")
        await asyncio.sleep(1)

    asyncio.run(main())
    """,
)


def test_a_task_that_goes_with_its_last_step_is_seen_to_end(programs: Recorded) -> None:
    trace = programs.trace("nobody_holds_it")
    task = tasks(trace)["quick"]
    assert task.outcome == "returned"
    assert TraceIndex.for_trace(trace).ends_in(
        next(index for index, step in enumerate(trace.steps) if step.task == task.id)
    )


program(
    "half_lines",
    """
    import asyncio, sys, time

    async def load():
        print("loading", end=" ")
        await asyncio.sleep(1)
        print("loaded")

    async def other():
        await asyncio.sleep(0.5)
        print("not on this line", file=sys.stderr)
        print("other", end=" ")
        time.sleep(0.25)
        print("one")

    async def main():
        await asyncio.gather(load(), other())

    print("begins", end="; ")
    asyncio.run(main())
    """,
)


def test_a_line_printed_in_pieces_is_credited_to_whoever_printed_each(programs: Recorded) -> None:
    trace, lines = programs.trace("half_lines"), programs.source("half_lines")
    assert [
        (piece.text, piece.task and trace.task(piece.task).name, round(piece.time, 2))
        for piece in trace.output
    ] == [
        ("not on this line\n", "Task-3", 0.5),
        ("begins; ", None, 0),
        ("loading ", "Task-2", 0),
        ("other ", "Task-3", 0.5),
        ("one\n", "Task-3", 0.75),
        ("loaded\n", "Task-2", 1),
    ]
    assert text(lines, trace.output[2].line) == 'print("loading", end=" ")'
    assert all(own_step(trace, piece) for piece in trace.output if piece.task)
    told = [one.text for one in narrate(trace, "")]
    assert told[1] == "`load()` starts. It prints `loading ` and waits for 1 s to pass."


program(
    "late_ends",
    """
    import asyncio, sys, time

    def late(text):
        time.sleep(0.05)
        sys.stdout.write(text)

    async def main():
        sys.stdout.write("a busy machine")
        late("\\n")
        late("progress: ")
        late("done\\n")
        late("\\n")

    asyncio.run(main())
    """,
    clock="real",
)


def test_the_end_of_a_line_stays_with_the_line_however_late_it_comes(programs: Recorded) -> None:
    assert [piece.text for piece in programs.trace("late_ends").output] == [
        "a busy machine\n",
        "progress: ",
        "done\n",
        "\n",
    ]


program(
    "one_shot_readers",
    """
    import asyncio, os

    async def main():
        loop = asyncio.get_running_loop()
        for _ in range(3):
            read, write = os.pipe()
            ready = loop.create_future()
            loop.add_reader(read, ready.set_result, None)
            os.write(write, b"x")
            await ready
            loop.remove_reader(read)
            for _ in range(20):
                loop.call_soon(abs, 1)
            await asyncio.sleep(0)

    asyncio.run(main())
    """,
    clock="real",
)


def test_only_what_the_selector_woke_is_input(programs: Recorded) -> None:
    trace = programs.trace("one_shot_readers")
    assert {step.kind for step in trace.steps if step.what == "abs"} == {"callback"}
    assert [step.what for step in trace.steps if step.kind == "i/o"].count("Future.set_result") == 3


program(
    "many_timers",
    """
    import asyncio

    def ring(): ...

    async def main():
        loop = asyncio.get_running_loop()
        for number in range(300):
            handle = loop.call_later(1000 - number, ring)
            if number % 3 == 0:
                handle.cancel()
        await asyncio.sleep(1)

    asyncio.run(main())
    """,
)


def test_of_many_timers_the_earliest_are_recorded(programs: Recorded) -> None:
    trace = programs.trace("many_timers")
    kept = [1000 - number for number in range(299, 0, -1) if number % 3]
    assert [(round(due), what) for due, what in trace.steps[0].timers] == [
        (1, 1),
        *[(due, "ring") for due in kept[:19]],
    ]


program(
    "timers_at_no_time",
    """
    import asyncio, math

    async def main():
        loop = asyncio.get_running_loop()
        for delay in (math.nan, math.inf, 1):
            loop.call_later(delay, print, delay)
        await asyncio.sleep(2)

    asyncio.run(main())
    """,
)


def test_a_timer_that_is_due_at_no_time_is_no_forgery(programs: Recorded) -> None:
    trace = programs.trace("timers_at_no_time")
    assert trace.text() == "nan\n1\n"
    assert [(round(due), what) for due, what in trace.steps[0].timers] == [(1, "print"), (2, 1)]


program(
    "functions_in_c",
    """
    import asyncio, os, time

    async def main():
        loop = asyncio.get_running_loop()
        for function in (time.monotonic, time.perf_counter, time.thread_time_ns, os.times):
            loop.call_soon(function)
        loop.call_later(0.01, time.sleep, 0.1)
        print(loop.call_soon(time.sleep, 0.1))
        await asyncio.sleep(1)

    asyncio.run(main())
    """,
)


def test_what_stands_for_functions_in_c_on_the_virtual_clock_has_their_names(
    programs: Recorded,
) -> None:
    trace = programs.trace("functions_in_c")
    called = [step.what for step in trace.steps if step.what and not step.what.startswith("_")]
    assert called[:5] == ["monotonic", "perf_counter", "thread_time_ns", "times", "sleep"]
    assert called.count("sleep") == 2
    assert trace.text() == "<Handle sleep(0.1)>\n"


# Names that come late

program(
    "renamed_later",
    """
    import asyncio

    async def work():
        asyncio.current_task().set_name("renamed by itself")
        await asyncio.sleep(1)

    async def sleep():
        await asyncio.sleep(30)

    async def main():
        itself, other = asyncio.create_task(work()), asyncio.create_task(sleep(), name="before")
        await itself
        await asyncio.wait([itself, other], timeout=1)
        await asyncio.wait_for(asyncio.gather(itself, asyncio.shield(other), return_exceptions=True), 1)

    async def rename(task):
        await asyncio.sleep(2.5)
        task.set_name("after")

    async def outer():
        task = asyncio.create_task(main(), name="main")
        await rename(task)
        try:
            await task
        except TimeoutError:
            pass

    asyncio.run(outer())
    """,
    (3, 11),
)


@pytest.mark.skipif("renamed_later" not in PROGRAMS, reason="needs Python 3.11")
def test_what_is_waited_for_is_called_by_its_last_name(programs: Recorded) -> None:
    trace = programs.trace("renamed_later")
    assert [task.name for task in trace.tasks if not task.internal] == [
        "Task-1",
        "after",
        "renamed by itself",
        "before",
    ]
    assert waits(programs, "renamed_later", "Task-1") == ["sleep 2.5 s", "after"]
    assert waits(programs, "renamed_later", "after")[:2] == [
        "renamed by itself",
        "wait(renamed by itself, before)",
    ]
    said = " ".join(sentence.text for sentence in narrate(trace, ""))
    assert "waits for renamed by itself" in said
    assert "Task-3" not in said


program(
    "never_steps_again",
    """
    import asyncio, os

    async def sleep():
        await asyncio.sleep(30)

    async def main():
        task = asyncio.create_task(sleep())
        await asyncio.sleep(1)
        task.set_name("patient")

    asyncio.new_event_loop().run_until_complete(main())
    """,
)


def test_a_task_that_is_renamed_after_its_last_step_has_its_last_name(programs: Recorded) -> None:
    assert "patient" in [task.name for task in programs.trace("never_steps_again").tasks]


# What a task does wrong

program(
    "mistakes",
    """
    import asyncio

    class Bad:
        def __await__(self):
            yield 5

    async def awaits_itself():
        await asyncio.current_task()

    async def main():
        for coro in (awaits_itself(), bad()):
            try:
                await asyncio.create_task(coro)
            except RuntimeError:
                print("RuntimeError")

    async def bad():
        await Bad()

    asyncio.run(main())
    """,
)


def test_a_bad_yield_and_awaiting_oneself_raise_at_the_await(programs: Recorded) -> None:
    trace = programs.trace("mistakes")
    assert [
        (trace.task(step.task).coro, step.raised)
        for step in trace.steps
        if step.task and step.raised
    ] == [
        ("awaits_itself", "RuntimeError"),
        ("main", "RuntimeError"),
        ("bad", "RuntimeError"),
        ("main", "RuntimeError"),
    ]


program(
    "own_task_class",
    """
    import asyncio

    class Loud(asyncio.Task):
        def __getattribute__(self, name):
            print("asked for", name)
            return super().__getattribute__(name)

        def get_name(self):
            print("asked for its name")
            return super().get_name()

        def get_coro(self):
            print("asked for its coroutine")
            return super().get_coro()

        def done(self):
            print("asked whether it is done")
            return super().done()

    class Loop(asyncio.SelectorEventLoop):
        def time(self):
            calls.append(1)
            return super().time()

    calls = []

    async def work():
        await asyncio.sleep(0)
        calls.clear()
        await asyncio.sleep(0)
        print(len(calls))

    loop = Loop()
    task = Loud(work(), loop=loop)
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()
    """,
    clock="real",
)


def test_nothing_of_the_program_s_is_called(programs: Recorded, tmp_path: Path) -> None:
    file = tmp_path / "own_task_class.py"
    file.write_text("\n".join(programs.source("own_task_class")))
    plain = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)
    trace = programs.trace("own_task_class")
    assert trace.text("stdout") == plain.stdout
    assert [task.outcome for task in trace.tasks] == ["returned", "returned"]


# Eager starts without the loop's `create_task`

program(
    "eager_by_hand",
    """
    import asyncio

    class Mine(asyncio.Task): ...

    async def quick():
        return 1

    async def child(name):
        print(name)
        await asyncio.sleep(1)

    async def outer(loop):
        await asyncio.Task(child("inner"), loop=loop, eager_start=True, name="inner")

    def asks(loop):
        return loop.is_running()

    async def main():
        import time
        loop = asyncio.get_running_loop()
        made = [asyncio.Task(child("direct"), loop=loop, eager_start=True, name="direct")]
        time.sleep(0.5)
        print("main")
        asyncio.Task(quick(), loop=loop, eager_start=True, name="quick")
        made.append(asyncio.eager_task_factory(loop, child("factory"), name="factory"))
        made.append(asyncio.create_eager_task_factory(Mine)(loop, child("own factory"), name="own factory"))
        made.append(Mine(outer(loop), loop=loop, eager_start=True, name="outer"))
        made.append(asyncio.tasks._PyTask(child("python"), loop=loop, eager_start=True, name="python"))
        print(asks(loop), getattr(loop, "is_" + "running")())
        print("main")
        try:
            asyncio.Task("no coroutine", loop=loop, eager_start=True)
        except TypeError:
            print("refused")
        made.append(asyncio.Task(child("late"), loop=loop, name="late"))
        await asyncio.wait(made)

    asyncio.run(main())
    """,
    (3, 12),
)


@pytest.mark.skipif("eager_by_hand" not in PROGRAMS, reason="needs Python 3.12")
def test_tasks_that_are_started_eagerly_by_hand_have_steps_too(programs: Recorded) -> None:
    trace = programs.trace("eager_by_hand")
    made = tasks(trace)
    eager = ["direct", "quick", "factory", "own factory", "outer", "inner", "python"]
    assert list(made) == ["Task-1", *eager, "late"]
    assert {task.outcome for task in made.values()} == {"returned"}
    assert [made[name].coro for name in eager] == [
        "child",
        "quick",
        "child",
        "child",
        "outer",
        "child",
        "child",
    ]
    assert [made[name].parent for name in (*eager, "late")] == [
        1,
        1,
        1,
        1,
        1,
        made["outer"].id,
        1,
        1,
    ]
    first = {
        trace.task(step.task).name: index
        for index, step in reversed(list(enumerate(trace.steps)))
        if step.task
    }
    assert [trace.steps[first[name]].within for name in eager] == [0, 0, 0, 0, 0, first["outer"], 0]
    assert [trace.steps[first[name]].wait_text for name in eager] == [
        "sleep 1 s", "", "sleep 1 s", "sleep 1 s", "inner", "sleep 1 s", "sleep 1 s",
    ]  # fmt: skip
    assert trace.steps[first["late"]].within is None
    assert round(trace.steps[first["direct"]].end, 3) == 0
    assert round(TraceIndex.for_trace(trace).seconds_held(0), 3) == 0.5
    for piece in trace.output:
        name = piece.text.strip()
        assert piece.step == first.get(name, 0), name
    assert len(trace.steps) == len([step for step in trace.steps if step.task or step.what])


# Loops inside of loops, and other loops

program(
    "nested_runs",
    """
    import asyncio
    import nest_asyncio2

    async def inner(name):
        print(name, "begins")
        await asyncio.sleep(0.2)
        print(name, "ends")

    async def other():
        await asyncio.sleep(0.1)
        print("other")

    def callback():
        asyncio.run(inner("third"))
        print("callback")

    async def main():
        task = asyncio.create_task(other())
        print("before")
        asyncio.run(inner("first"))
        print("between")
        asyncio.get_running_loop().run_until_complete(inner("second"))
        print("after")
        asyncio.get_running_loop().call_soon(callback)
        await asyncio.sleep(1)
        await task

    nest_asyncio2.apply()
    asyncio.run(main())
    """,
    (3, 11),
)


def test_a_loop_that_runs_inside_of_a_step_does_not_end_it(programs: Recorded) -> None:
    trace = programs.trace("nested_runs")
    by_text = {piece.text.strip(): piece for piece in trace.output}
    first = by_text["before"].step
    assert first == by_text["between"].step == by_text["after"].step == 0
    step = trace.steps[0]
    assert (round(step.time, 2), round(step.end, 2), step.waiting_on) == (
        0,
        0.4,
        Wait("sleep", seconds=1),
    )
    assert round(TraceIndex.for_trace(trace).seconds_held(0), 3) == 0  # others could run meanwhile
    for name in ("first begins", "first ends", "second begins", "second ends", "other"):
        inside = by_text[name].step
        assert inside and (trace.steps[inside].within, own_step(trace, by_text[name])) == (0, True)
    callback = by_text["callback"].step
    assert callback and (trace.steps[callback].what, trace.steps[callback].within) == (
        "callback",
        None,
    )
    assert trace.steps[by_text["third ends"].step or 0].within == callback
    assert {task.outcome for task in trace.tasks} == {"returned"}
    told = [one.text for one in narrate(trace, "")]
    assert (
        "Task-3 (`inner()`) starts, while the loop runs again inside `main()`. It prints `first begins` and waits for 0.2 s to pass."
        in told
    )
    assert any(
        text.startswith(
            "Task-3 (`inner()`) resumes, while the loop runs again inside `main()`: its sleep is over"
        )
        for text in told
    )


for _name, _run in {
    "ran": "uvloop.run(main())",
    "imported": "",
    "made": "uvloop.new_event_loop().close()",
}.items():
    program(
        f"uvloop_{_name}",
        f"""
        import asyncio
        import uvloop

        async def main():
            await asyncio.create_task(asyncio.sleep(0.01))

        {_run}
        """,
        (3, 11),
        clock="real",
    )


def test_a_silent_run_on_another_loop_is_said_and_no_run_is_not(programs: Recorded) -> None:
    notes = {name: programs.trace(f"uvloop_{name}").notes for name in ("ran", "imported", "made")}
    assert notes == {"ran": programs.trace("other_loop").notes, "imported": (), "made": ()}


# The same every time

MIXED = """
    import asyncio

    async def consumer(queue, lock):
        while True:
            item = await queue.get()
            async with lock:
                await asyncio.sleep(0.3)
                print(item, f"{asyncio.get_running_loop().time() - 10_000:.6f}")
            queue.task_done()

    async def main():
        queue, lock = asyncio.Queue(2), asyncio.Lock()
        workers = {asyncio.create_task(consumer(queue, lock)) for _ in range(5)}
        for item in range(12):
            await queue.put(item)
        try:
            await asyncio.wait_for(queue.join(), 2)
        except asyncio.TimeoutError:
            print("late")
        list(map(asyncio.create_task, [asyncio.sleep(5) for _ in range(5)]))

    asyncio.run(main())
    """
for _number in range(5):
    program(f"same_{_number}", MIXED, starts=("fork", "spawn"))


def test_a_virtual_program_gives_the_same_record_every_time(programs: Recorded) -> None:
    records = {
        programs.trace(f"same_{number}", start).to_json().replace(f"same_{number}.py", "same.py")
        for number in range(5)
        for start in ("fork", "spawn")
    }
    assert len(records) == 1
    trace = Trace.from_json(records.pop())
    assert trace.text().splitlines()[-2:] == ["10 3.300243", "late"]
    assert len(trace.steps) > 50


program(
    "timers_together",
    """
    import asyncio

    async def sleep(name, times, delay):
        for _ in range(times):
            await asyncio.sleep(delay)
        print(name)

    async def main():
        await asyncio.gather(sleep("eight", 8, 0.25), sleep("one", 1, 2), sleep("four", 4, 0.5))

    asyncio.run(main())
    """,
)


def test_timers_that_fall_due_together_come_as_on_a_real_clock(programs: Recorded) -> None:
    assert programs.trace("timers_together").text() == "one\nfour\neight\n"
