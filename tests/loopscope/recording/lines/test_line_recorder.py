"""Lines and values: which lines of the program's file ran in each step, and what its variables were;
and that the program does with this what it does without.

The programs run on each Python that is here, twice, instrumented and not, by a fork server of that
Python. Most of them are what showed in which ways a program can notice.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from paths import ROOT
from recorders import ENVIRONMENT, Recorded

from loopscope import Program, Trace, record
from loopscope.limits import (
    MAX_CHANGES,
    MAX_COUNTED_LINES,
    MAX_LINES,
    MAX_STEP_LINES,
)
from loopscope.trace.lines import MoreLines
from loopscope.trace.validation import validate
from loopscope.views.moments import Line
from loopscope.views.replay import replay
from sitebuild.records import pythons

RECORD = """\
import json, sys
from loopscope.limits import Limits
from loopscope.running.fork_server import ForkServer
from loopscope.running.program import Program

given = json.load(sys.stdin)
records = {}
with ForkServer(environment=given["environment"]) as server:
    for name, (file, clock, seconds) in given["programs"].items():
        records[name] = [
            server.record(
                Program(file, clock=clock, name=name, lines=lines), Limits(seconds=seconds)
            ).to_json()
            for lines in (False, True)
        ]
json.dump(records, sys.stdout)
"""
VERSIONS = range(10, 16)

PROGRAMS: dict[str, str] = {}
"""Texts of programs, by name."""
HOW: dict[str, dict[str, Any]] = {}
"""Of some of them: the oldest Python (`since`), the clock, the limit on seconds."""


def program(name: str, text: str, **how: Any) -> None:
    PROGRAMS[name], HOW[name] = textwrap.dedent(text).lstrip("\n"), how


class Both(NamedTuple):
    """One program's record without lines, and with them."""

    plain: Trace
    lined: Trace


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, str], Both]:
    """Both records of a program by a Python 3.x."""
    folder = tmp_path_factory.mktemp("lines")
    for name, text in PROGRAMS.items():
        (folder / f"{name}.py").write_text(text)
    pool = ThreadPoolExecutor(2)
    begun: dict[int, Future[dict[str, list[str]]]] = {}

    def record(minor: int, python: str) -> dict[str, list[str]]:
        given = {
            name: (str(folder / f"{name}.py"), how.get("clock", "virtual"), how.get("seconds", 60))
            for name, how in HOW.items()
            if minor >= how.get("since", 10)
        }
        done = subprocess.run(
            [python, "-c", RECORD],
            input=json.dumps({"environment": ENVIRONMENT, "programs": given}),
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=600,
        )
        records: dict[str, list[str]] = json.loads(done.stdout)
        return records

    for minor in VERSIONS:
        if (found := pythons.find_interpreter(minor)) is not None:
            begun[minor] = pool.submit(record, minor, found.path)

    def both(minor: int, name: str) -> Both:
        if minor not in begun:
            pytest.skip(f"there is no Python 3.{minor} here")
        records = begun[minor].result()
        if name not in records:
            pytest.skip(f"{name} is not for Python 3.{minor}")
        return Both(*map(Trace.from_json, records[name]))

    return both


def run_lines(trace: Trace, step: int) -> list[tuple[str, int]]:
    """The function and the line of each row of a step, but for those without a line."""
    return [
        (trace.frames[row.frame].function.rpartition(".")[2], row.line)
        for row in trace.steps[step].lines
        if row.frame is not None and row.line is not None
    ]


def values(trace: Trace) -> dict[tuple[str, str], list[str | None]]:
    """All values that each variable had in turn, by function and name; not those of globals."""
    found: dict[tuple[str, str], list[str | None]] = {}
    for step in trace.steps:
        for row in step.lines:
            for change in row.changes:
                key = (trace.frames[change.frame].function, change.name)
                found.setdefault(key, []).append(change.text)
    return found


def in_task_steps(trace: Trace) -> list[list[tuple[str, int]]]:
    """The lines of each step of a task of the program's."""
    return [
        run_lines(trace, index)
        for index, step in enumerate(trace.steps)
        if step.task is not None and not trace.task(step.task).internal
    ]


# What is recorded

program(
    "shared",
    """
    import asyncio

    total = 0

    def add(number):
        global total
        total += number

    async def fetch(number, seen):
        got = number * 2
        await asyncio.sleep(number)
        add(got)
        seen.append(number)
        return got

    async def main():
        seen = []
        task = asyncio.create_task(fetch(1, seen))
        got = await fetch(2, seen)
        return got + await task

    asyncio.run(main())
    """,
)


@pytest.mark.parametrize("minor", VERSIONS)
def test_each_step_has_its_lines_in_order(runs: Callable[[int, str], Both], minor: int) -> None:
    trace = runs(minor, "shared").lined
    assert (trace.lines_from, trace.exit, trace.notes) == ("this run", 0, ())
    assert in_task_steps(trace) == [
        [("main", 17), ("main", 18), ("main", 19), ("fetch", 10), ("fetch", 11)],
        [("fetch", 10), ("fetch", 11)],
        [("fetch", 12), ("add", 7), ("fetch", 13), ("fetch", 14)],
        [("fetch", 12), ("add", 7), ("fetch", 13), ("fetch", 14), ("main", 20)],
    ]
    # nothing is told of what ran before the loop, nor of steps without a task
    assert {row.frame for step in trace.steps if step.task is None for row in step.lines} <= {None}


@pytest.mark.parametrize("minor", VERSIONS)
def test_each_line_knows_how_much_is_ready(runs: Callable[[int, str], Both], minor: int) -> None:
    trace = runs(minor, "shared").lined
    first = trace.steps[trace_steps_of(trace, "main")[0]]
    ready = [row.ready for row in first.lines if row.line is not None]
    assert ready == [0, 0, 1, 1, 1], "from line 19 on, the task that line 18 created"
    lines = [event for event in replay(trace, "").events if isinstance(event, Line)]
    assert [(line.line, line.woken) for line in lines if line.woken] == [(19, (2,))]


program(
    "crowd",
    """
    import asyncio

    async def work():
        await asyncio.sleep(0)

    async def main():
        for count in (20, 1):
            tasks = [asyncio.create_task(work()) for _ in range(count)]
            await asyncio.sleep(0) if count == 1 else None
            number = len(tasks)

    asyncio.run(main())
    """,
)


@pytest.mark.parametrize("minor", VERSIONS)
def test_of_a_long_queue_a_line_does_not_know_the_length(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    trace = runs(minor, "crowd").lined
    first = trace.steps[trace_steps_of(trace, "main")[0]]
    ready = [row.ready for row in first.lines if row.line is not None]
    assert ready[0] == 0 and 20 in ready
    assert ready[-1] is None, "the 21st is beyond what the end of a step lists"


def trace_steps_of(trace: Trace, coro: str) -> list[int]:
    """Indices of the steps of the task that runs a coroutine."""
    (task,) = [task.id for task in trace.tasks if task.coro == coro]
    return [index for index, step in enumerate(trace.steps) if step.task == task]


@pytest.mark.parametrize("minor", VERSIONS)
def test_frames_know_their_callers_and_tasks(runs: Callable[[int, str], Both], minor: int) -> None:
    trace = runs(minor, "shared").lined
    frames = [
        (
            frame.function,
            frame.task and trace.task(frame.task).coro,
            None if frame.caller is None else trace.frames[frame.caller].function,
        )
        for frame in trace.frames
    ]
    assert frames == [
        ("main", "main", None),
        ("<module>", None, None),
        ("fetch", "main", "main"),
        ("fetch", "fetch", None),
        ("add", "fetch", "fetch"),
        ("add", "main", "fetch"),
    ]


@pytest.mark.parametrize("minor", VERSIONS)
def test_values_are_told_when_they_change_wherever_they_are_seen(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    trace = runs(minor, "shared").lined
    assert values(trace)["<module>", "total"] == ["0", "2", "6"]
    assert values(trace)["main", "got"] == ["4"]
    # `main` is suspended while the other task appends: the end of that step tells it
    (step,) = [step for step in trace.steps if ("fetch", 13) in run_lines_of(trace, step)][:1]
    assert [row for row in step.lines if row.frame is None] == [step.lines[-1]]
    told = {
        (trace.frames[one.frame].function, one.text)
        for one in step.lines[-1].changes
        if one.name == "seen"
    }
    assert told == {("main", "[1]"), ("fetch", "[1]")}
    (shown,) = [row for row in step.lines if row.line == 14]
    assert [(one.name, one.text) for one in shown.changes] == [("seen", "[1]")]
    # an instant before a line runs, nothing of what it does has happened
    (before,) = [row for row in step.lines if row.line == 7]
    assert [(one.name, one.text) for one in before.changes] == [("number", "2")]
    assert before.frame is not None
    (returns,) = [row for row in step.lines if row.frame == before.frame and row.line is None]
    assert [(one.name, one.text) for one in returns.changes] == [("total", "2")]


def run_lines_of(trace: Trace, step: Any) -> list[tuple[str, int]]:
    return run_lines(trace, trace.steps.index(step))


program(
    "unbound",
    """
    import asyncio

    class Box:
        pass

    box = Box()
    later = Box

    async def main():
        here = 1
        del here
        def inner():
            return box, later, outer
        outer = 2
        await asyncio.sleep(0)
        inner()

    asyncio.run(main())
    """,
)


@pytest.mark.parametrize("minor", VERSIONS)
def test_a_variable_can_be_unbound_and_no_class_is_a_global_variable(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    told = values(runs(minor, "unbound").lined)
    assert told["main", "here"] == ["1", None]
    assert [text for (_, name), (text, *_) in told.items() if name == "outer"] == ["2", "2"]
    assert {name for function, name in told if function == "<module>"} == {"box"}


program(
    "throws",
    """
    import asyncio

    async def waits():
        try:
            await asyncio.sleep(9)
        except asyncio.CancelledError:
            print("cancelled")
            raise

    def numbers():
        try:
            yield 1
        except ValueError:
            yield 2

    async def main():
        task = asyncio.create_task(waits())
        await asyncio.sleep(1)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
        one = numbers()
        next(one)
        one.throw(ValueError())

    asyncio.run(main())
    """,
)


@pytest.mark.parametrize("minor", VERSIONS)
def test_where_an_exception_is_thrown_in_no_line_runs_twice(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    both = runs(minor, "throws")
    lines = in_task_steps(both.lined)
    assert lines[3] == [("waits", 6), ("waits", 7), ("waits", 8)]
    assert lines[4] == [
        ("main", 22),
        ("main", 23),
        ("main", 24),
        ("main", 25),
        ("numbers", 11),
        ("numbers", 12),
        ("main", 26),
        ("numbers", 13),
        ("numbers", 14),
    ]


# Caps

program(
    "long_loop",
    """
    import asyncio

    async def main():
        total = 0
        for number in range(300_000):
            total += number
        await asyncio.sleep(0)
        print(total)

    asyncio.run(main())
    """,
)


@pytest.mark.parametrize("minor", VERSIONS)
def test_after_some_rows_the_lines_of_a_step_are_counted_and_then_not_even_that(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    trace = runs(minor, "long_loop").lined
    first, second = (step for step in trace.steps[:2])
    assert MAX_STEP_LINES <= len(first.lines) <= MAX_STEP_LINES + 1
    assert first.more_lines == MoreLines(MAX_COUNTED_LINES - MAX_STEP_LINES, 5, 6)
    # the next step is recorded again, by a frame that is numbered anew: it cannot be known again
    assert run_lines(trace, 1) == [("main", 8)]
    assert second.more_lines is None
    assert [frame.function for frame in trace.frames] == ["main", "main"]
    # and the end of the long step has told the values
    (told,) = [row for row in first.lines if row.frame is None]
    assert {(one.name, one.text) for one in told.changes} == {
        ("number", "299999"),
        ("total", "44999850000"),
    }
    assert (trace.lines_cut, trace.values_cut, trace.notes) == (None, None, ())


program(
    "many_steps",
    """
    import asyncio

    async def main():
        for number in range(3_000):
            await asyncio.sleep(0)
        print("done")

    asyncio.run(main())
    """,
)


@pytest.mark.parametrize("minor", VERSIONS)
def test_a_run_has_so_many_lines_and_changes_and_no_more(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    trace = runs(minor, "many_steps").lined
    rows = [row for step in trace.steps for row in step.lines]
    assert len(rows) == MAX_LINES
    assert sum(len(row.changes) for row in rows) == MAX_CHANGES
    assert trace.lines_cut is not None and trace.values_cut is not None
    assert trace.lines_cut > trace.values_cut
    assert trace.steps[trace.lines_cut - 1].lines
    assert not any(step.lines for step in trace.steps[trace.lines_cut + 1 :])
    assert trace.notes == (
        f"only the first {MAX_CHANGES} changes of variables were recorded",
        f"only the first {MAX_LINES:,} lines were recorded",
    )


program(
    "endless",
    """
    import asyncio

    async def main():
        for _ in range(2):
            await asyncio.sleep(1)
        print("so far", flush=True)
        while True:
            pass

    asyncio.run(main())
    """,
    seconds=1,
)


@pytest.mark.parametrize("minor", VERSIONS)
def test_a_program_that_is_stopped_keeps_its_lines(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    trace = runs(minor, "endless").lined
    assert trace.exit == 124 and trace.stopped and "out of time" in trace.stopped
    assert trace.text() == "so far\n"
    assert [run_lines(trace, index)[:3] for index in (0, 2)] == [
        [("main", 4), ("main", 5)],
        [("main", 4), ("main", 5)],
    ]
    assert run_lines(trace, 4)[:4] == [("main", 4), ("main", 6), ("main", 7), ("main", 8)]
    more = trace.steps[4].more_lines
    assert more is not None and more.total == MAX_COUNTED_LINES - MAX_STEP_LINES


program(
    "blocked",
    """
    import asyncio, time

    async def main():
        number = 1
        number = 2
        time.sleep(1000)

    asyncio.run(main())
    """,
    clock="real",
    seconds=2,
)


def test_the_line_that_a_program_was_stopped_in_is_its_last(
    runs: Callable[[int, str], Both],
) -> None:
    minor = sys.version_info[1]
    trace = runs(minor, "blocked").lined
    assert trace.exit == 124
    assert run_lines(trace, 0) == [("main", 4), ("main", 5), ("main", 6)]
    assert values(trace)["main", "number"] == ["1", "2"]


# What the program can notice: nothing, or what is named here

PITFALLS: dict[str, dict[range, Callable[[str], str]]] = {}
"""For programs that notice something: on which Pythons, and what they then print."""
TRACED, LATER = range(10, 12), range(12, 16)
ALL = range(10, 16)


def pitfall(
    name: str,
    text: str,
    notices: dict[range, Callable[[str], str]] | None = None,
    **how: Any,
) -> None:
    program(name, text, **how)
    PITFALLS[name] = notices or {}


pitfall(
    "gettrace",
    """
    import asyncio, sys

    async def main():
        print(sys.gettrace() is None, sys._getframe().f_trace is None)
        await asyncio.sleep(0)
        print(sys.gettrace() is None, sys._getframe().f_trace is None)

    print(sys.gettrace() is None)
    asyncio.run(main())
    """,
    {TRACED: lambda text: "True\nFalse False\nFalse False\n"},
)
pitfall(
    "lifetime",
    """
    import asyncio

    class Noisy:
        def __init__(self, number):
            self.number = number

        def __del__(self):
            print("del", self.number)

    async def main():
        x = Noisy(1); await asyncio.sleep(0); del x; print("same line")
        y = Noisy(2)
        await asyncio.sleep(0)
        y = Noisy(3)
        print("after rebinding")
        await asyncio.sleep(0)
        y = None; print("dropped")
        print("end")

    asyncio.run(main())
    """,
    {
        TRACED: lambda text: text.replace("del 1\nsame line\n", "same line\ndel 1\n").replace(
            "del 3\ndropped\n", "dropped\ndel 3\n"
        )
    },
)
pitfall(
    "locals_kept",
    """
    import asyncio

    async def main():
        x = 1
        d = locals()
        x = 2
        await asyncio.sleep(0)
        print(d.get("x"), sorted(d))

    asyncio.run(main())
    """,
    {range(10, 11): lambda text: "2 ['d', 'x']\n"},
)
pitfall(
    "locals_refreshed",
    """
    import asyncio

    async def waits():
        x = 1; d = locals(); x = 2; k = lambda: x
        await asyncio.sleep(0)
        print("the dictionary:", d.get("x"))

    async def main():
        task = asyncio.create_task(waits())
        await asyncio.sleep(0)
        await task

    asyncio.run(main())
    """,
    {range(10, 11): lambda text: "the dictionary: 2\n"},
)
pitfall(
    "recursion",
    """
    import asyncio, traceback

    deepest = 0

    def down(number):
        global deepest
        deepest = number
        return down(number + 1)

    async def main():
        try:
            down(1)
        except RecursionError as problem:
            files = {frame.filename for frame in traceback.extract_tb(problem.__traceback__)}
            print(deepest, sorted(file.rpartition("/")[2] for file in files))
        await asyncio.sleep(0)
        print("goes on")

    asyncio.run(main())
    """,
    {TRACED: lambda text: "shallower", LATER: lambda text: "shallower"},
)
pitfall(
    "hostile",
    """
    import asyncio, contextlib

    def gen(n):
        try:
            for i in range(n):
                got = yield i
        finally:
            print("gen closed")

    async def agen():
        try:
            for i in range(3):
                await asyncio.sleep(0)
                yield i
        except GeneratorExit:
            print("agen exit")
            raise

    class Thing:
        def __repr__(self): print("REPR CALLED"); return "thing"
        def __len__(self): print("LEN CALLED"); return 3
        def __eq__(self, other): print("EQ CALLED"); return False
        __hash__ = object.__hash__
        @property
        def name(self): print("PROP CALLED"); return "n"
        def __getattr__(self, name): print("GETATTR", name); raise AttributeError(name)
        @property
        def __class__(self): print("CLASS CALLED"); return int

    class L(list):
        def __iter__(self): print("ITER CALLED"); return list.__iter__(self)
        def __len__(self): print("LEN CALLED"); return 1

    async def work(n):
        t = Thing(); l = L([1, 2]); d = {t: l, "k": [t, (t, {1: t})]}
        try:
            await asyncio.sleep(n)
        except asyncio.CancelledError:
            squares = [j * j for j in range(3)]
            print("cancelled", squares)
            raise
        return n

    async def main():
        g = gen(3); next(g); g.send(5)
        with contextlib.suppress(ValueError): g.throw(ValueError("x"))
        async for i in agen():
            if i == 1: break
        ts = [asyncio.create_task(work(n)) for n in (1, 2, 3)]
        done, rest = await asyncio.wait(ts, timeout=2.5)
        for t in rest: t.cancel()
        rs = await asyncio.gather(*ts, return_exceptions=True)
        match rs:
            case [a, *others]: print(a, len(others))
        print([k async for k in agen()])

    asyncio.run(main())
    """,
)
pitfall(
    "one_line",
    """
    import asyncio

    def one(x): return x + 1
    async def tick(): await asyncio.sleep(0)

    async def main():
        one(1); await tick()
        double = lambda n: n * 2
        double(3)

    asyncio.run(main())
    """,
)
pitfall("iterations", PROGRAMS["long_loop"])
pitfall(
    "references",
    """
    import asyncio, gc, weakref

    class Box: pass

    refs = []

    async def worker(queue, number):
        while True:
            item = await queue.get()
            refs.append(weakref.ref(item))
            del item
            print(number, [ref() is None for ref in refs])
            queue.task_done()

    async def main():
        queue = asyncio.Queue()
        workers = [asyncio.create_task(worker(queue, number)) for number in range(2)]
        for _ in range(3):
            box = Box(); box.me = box
            queue.put_nowait(Box())
            await asyncio.sleep(0)
        await queue.join()
        for one in workers: one.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        gc.collect()  # when it runs by itself, and what gc.get_count() is, does change

    asyncio.run(main())
    """,
)
pitfall(
    "big",
    """
    import asyncio, random

    async def fetch(page, tries):
        total = 0
        for attempt in range(tries):
            delay = round(random.random(), 3)
            await asyncio.sleep(delay)
            total += attempt * 7 + int(delay * 1000)
            if total % 3 == 0:
                note = f"{page} took {total}"
                print(note)
        return total

    async def main():
        random.seed(4)
        tasks = [asyncio.create_task(fetch(f"page-{i}", 12)) for i in range(20)]
        seen = {}
        for task in asyncio.as_completed(tasks):
            value = await task
            seen[value] = len(seen)
        print(sum(seen))

    asyncio.run(main())
    """,
)
pitfall(
    "code_objects",
    """
    import asyncio, dis, marshal, sys

    def f(a):
        b = a + 1
        return b

    before = hash(f.__code__), sys.getsizeof(f.__code__), marshal.dumps(f.__code__)

    async def main():
        f(1)
        await asyncio.sleep(0)
        code = compile(open(__file__).read(), __file__, "exec")
        fresh = next(one for one in code.co_consts if hasattr(one, "co_name") and one.co_name == "f")
        names = [one.opname for one in dis.get_instructions(f)]
        print(fresh == f.__code__, hash(fresh) == hash(f.__code__), "INSTRUMENTED" in " ".join(names))
        print(before == (hash(f.__code__), sys.getsizeof(f.__code__), marshal.dumps(f.__code__)))

    asyncio.run(main())
    """,
)
pitfall(
    "adaptive_code",
    """
    import asyncio, dis

    def f(a):
        return a + 1

    async def main():
        f(1)
        names = [one.opname for one in dis.get_instructions(f, adaptive=True)]
        print("INSTRUMENTED" in " ".join(names))

    asyncio.run(main())
    """,
    {LATER: lambda text: "True\n"},
    since=11,
)
pitfall(
    "done_eagerly",
    """
    import asyncio

    async def f():
        x = 1
        return x

    async def main():
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        task = asyncio.create_task(f())
        tasks = [task]
        await asyncio.sleep(0)
        print("done", task.done(), task.result())

    asyncio.run(main())
    """,
    since=12,
)
pitfall(
    "generator_dies",
    """
    import asyncio

    def numbers():
        secret = "secret"
        yield 1
        yield 2

    def noise():
        return [object() for _ in range(50)]

    async def main():
        for _ in range(50):
            one = numbers()
            next(one)
            await asyncio.sleep(0)
            del one
            noise()
            await asyncio.sleep(0)
        kept = [numbers() for _ in range(3)]
        for one in kept:
            next(one)
        print("still here")

    asyncio.run(main())
    """,
)
pitfall(
    "own_trace",
    """
    import asyncio, sys

    seen = []

    def trace(frame, event, argument):
        if frame.f_code.co_name == "traced":
            seen.append((event, frame.f_lineno))
            return trace

    def traced():
        a = 1
        return a

    async def main():
        traced()
        before = sys.gettrace()
        sys.settrace(trace)
        traced()
        await asyncio.sleep(0)
        traced()
        sys.settrace(before)
        print(seen)

    asyncio.run(main())
    """,
)
pitfall(
    "own_monitoring",
    """
    import asyncio, sys

    monitoring, events, seen = sys.monitoring, sys.monitoring.events, []
    monitoring.use_tool_id(3, "coverage of my own")
    monitoring.use_tool_id(monitoring.COVERAGE_ID, "another one")
    monitoring.register_callback(3, events.LINE, lambda code, line: seen.append(line))

    def watched():
        a = 1
        return a

    async def main():
        monitoring.set_local_events(3, watched.__code__, events.LINE)
        watched()
        await asyncio.sleep(0)
        watched()
        monitoring.restart_events()
        watched()
        print(seen)

    asyncio.run(main())
    """,
    since=12,
)
pitfall(
    "interrupted",
    """
    import asyncio, os, signal

    def spin():
        number = 0
        while True:
            number += 1
            if number in (50, 5_000):
                os.kill(os.getpid(), signal.SIGINT)

    async def main():
        await asyncio.sleep(0)
        try:
            spin()
        finally:
            print("left")

    asyncio.run(main())
    """,
)
pitfall(
    "handlers",
    """
    import asyncio, signal, time

    class Alarm(Exception):
        pass

    def ring(number, frame):
        raise Alarm

    def busy():
        number = 0
        while True:
            number += 1

    async def main():
        signal.signal(signal.SIGPROF, ring)
        for _ in range(20):
            signal.setitimer(signal.ITIMER_PROF, 0.005)
            try:
                busy()
            except Alarm:
                pass
            await asyncio.sleep(0)
        print("rang 20 times")

    asyncio.run(main())
    """,
)
pitfall(
    "exits",
    """
    import asyncio, sys

    async def other():
        try:
            await asyncio.sleep(9)
        finally:
            print("cleaned up")

    async def main():
        task = asyncio.create_task(other())
        await asyncio.sleep(0)
        sys.exit(7)

    asyncio.run(main())
    """,
)
pitfall(
    "fails",
    """
    import asyncio

    async def inner():
        raise ValueError("no")

    async def main():
        await asyncio.create_task(inner())

    asyncio.run(main())
    """,
)
pitfall(
    "threads",
    """
    import asyncio, threading

    def count(number):
        for one in range(number):
            pass
        return number

    async def other():
        x = 1
        await asyncio.sleep(0.01)
        x = 2

    async def main():
        thread = threading.Thread(target=asyncio.run, args=(other(),))
        thread.start()
        number = await asyncio.to_thread(count, 50_000)
        thread.join()
        print(number)

    asyncio.run(main())
    """,
    clock="real",
)
pitfall(
    "nested",
    """
    import asyncio

    async def inner():
        x = 1
        await asyncio.sleep(0)
        return x

    async def around():
        def callback():
            inside = asyncio.new_event_loop()
            running = asyncio._get_running_loop()
            asyncio._set_running_loop(None)
            try:
                print(inside.run_until_complete(inner()))
            finally:
                asyncio._set_running_loop(running)
                inside.close()
        asyncio.get_running_loop().call_soon(callback)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(around())
    """,
)
pitfall(
    "closed_late",
    """
    import asyncio

    def numbers():
        try:
            yield 1
        finally:
            print("closed")

    async def letters():
        try:
            yield "a"
        finally:
            await asyncio.sleep(0)
            print("closed too")

    kept = []

    async def main():
        one = numbers(); next(one)
        kept.append(one)
        async for letter in letters():
            kept.append(letter)
            break

    asyncio.run(main())
    print("the loop is over")
    """,
)


def noticed(minor: int, name: str, text: str) -> str:
    """What a program prints instrumented that prints a text without that."""
    return next((print_ for where, print_ in PITFALLS[name].items() if minor in where), str)(text)


def masked(text: str) -> str:
    return re.sub(r"0x[0-9a-f]{6,}", "0x…", text)


def without_lines(trace: Trace) -> Trace:
    steps = tuple(replace(step, lines=(), more_lines=None) for step in trace.steps)
    return replace(
        trace,
        steps=steps,
        frames=(),
        lines_from=None,
        lines_cut=None,
        values_cut=None,
        notes=tuple(note for note in trace.notes if not note.startswith("only the first")),
        output=(),
    )


@pytest.mark.parametrize("minor", VERSIONS)
@pytest.mark.parametrize("name", PITFALLS)
def test_a_program_does_what_it_does_without_lines(
    runs: Callable[[int, str], Both], minor: int, name: str
) -> None:
    plain, lined = runs(minor, name)
    validate(lined, plain.clock)
    assert (lined.lines_from, plain.lines_from) == ("this run", None)
    assert masked(lined.text("stderr")) == masked(plain.text("stderr"))
    assert (lined.exit, lined.stopped, lined.error) == (plain.exit, plain.stopped, plain.error)
    expected = noticed(minor, name, plain.text("stdout"))
    if expected == "shallower":  # by as many frames as reporting a line takes; ours may show
        (plain_depth, _), (depth, _) = (
            trace.text("stdout").split(maxsplit=1) for trace in (plain, lined)
        )
        assert int(plain_depth) - 25 < int(depth) < int(plain_depth)
        assert lined.text("stdout").endswith("goes on\n")
    else:
        assert masked(lined.text("stdout")) == masked(expected)
    if plain.clock == "virtual":
        assert without_lines(lined) == without_lines(plain)


@pytest.mark.parametrize("minor", VERSIONS)
def test_functions_of_one_line_have_it(runs: Callable[[int, str], Both], minor: int) -> None:
    lines = in_task_steps(runs(minor, "one_line").lined)
    assert lines == [
        [("main", 7), ("one", 3), ("tick", 4)],
        [("main", 8), ("main", 9), ("<lambda>", 8)],
    ]


@pytest.mark.parametrize("minor", VERSIONS)
def test_lines_of_threads_are_those_of_their_loops_alone(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    trace = runs(minor, "threads").lined
    lines = [line for index in range(len(trace.steps)) for line in run_lines(trace, index)]
    assert [line for line in lines if line[0] == "other"] == [
        ("other", 9),
        ("other", 10),
        ("other", 11),
    ]
    assert [line for line in lines if line[0] == "main"] == [
        ("main", number) for number in (14, 15, 16, 17, 18)
    ]
    assert not [line for line in lines if line[0] == "count"]
    assert trace.lines_cut is None


@pytest.mark.parametrize("minor", VERSIONS)
def test_where_the_program_asks_for_its_locals_values_are_told_from_3_13_on(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    trace = runs(minor, "locals_kept").lined
    assert bool(values(trace)) == (minor >= 13)
    assert in_task_steps(trace) == [
        [("main", number) for number in (4, 5, 6, 7)],
        [("main", 8)],
    ]


@pytest.mark.parametrize("minor", VERSIONS)
def test_a_task_that_starts_eagerly_has_its_own_lines(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    trace = runs(minor, "done_eagerly").lined
    assert in_task_steps(trace)[:2] == [
        [("main", number) for number in (8, 9, 10, 11)],
        [("f", 4), ("f", 5)],
    ]
    (frame,) = [frame for frame in trace.frames if frame.function == "f"]
    assert (frame.task, frame.caller) == (2, None)


program(
    "eager_in_eager",
    """
    import asyncio

    async def tick():
        await asyncio.sleep(0)

    async def outer():
        await asyncio.Task(tick(), loop=asyncio.get_running_loop(), eager_start=True, name="inner")

    async def main():
        loop = asyncio.get_running_loop()
        loop.set_task_factory(
            lambda loop, coro, **more: asyncio.Task(coro, loop=loop, eager_start=True, **more)
        )
        await asyncio.create_task(outer(), name="outer")

    asyncio.run(main())
    """,
    since=12,
)


@pytest.mark.parametrize("minor", VERSIONS)
def test_a_task_made_by_one_that_starts_eagerly_is_told_from_it(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    for trace in runs(minor, "eager_in_eager"):
        made = [task for task in trace.tasks if not task.internal]
        assert [(task.name, task.coro, task.parent) for task in made] == [
            ("Task-1", "main", None),
            ("outer", "outer", 1),
            ("inner", "tick", 2),
        ]


program(
    "sabotage",
    """
    import asyncio, gc

    def spoil():
        found = [one for one in gc.get_objects() if type(one).__name__ == "LineRecorder"]
        for one in found:
            one._rows = None

    async def main():
        await asyncio.sleep(0)
        spoil()
        await asyncio.sleep(0)
        print("goes on")

    asyncio.run(main())
    """,
)


@pytest.mark.parametrize("minor", VERSIONS)
def test_a_failure_in_recording_lines_costs_lines_alone(
    runs: Callable[[int, str], Both], minor: int
) -> None:
    plain, lined = runs(minor, "sabotage")
    (note,) = lined.notes
    assert note.startswith("later lines could not be recorded: AttributeError: 'NoneType' object")
    assert in_task_steps(lined)[0] == [("main", 9)]
    assert lined.text() == plain.text() == "goes on\n"
    assert replace(without_lines(lined), notes=()) == without_lines(plain)


# However the program is started


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_lines_are_recorded_however_the_program_is_started(
    recorded: Callable[[], Recorded], start: str
) -> None:
    programs = recorded()
    programs.add("shared", PROGRAMS["shared"], starts=(start,), lines=True)
    lines = in_task_steps(programs.trace("shared"))
    assert lines[1] == [("fetch", 10), ("fetch", 11)]


def test_lines_are_recorded_of_a_text_and_of_a_module(tmp_path: Path) -> None:
    for path in ("-c", "-"):
        trace = record(Program(path, clock="virtual", source=PROGRAMS["shared"], lines=True))
        assert in_task_steps(trace)[1] == [("fetch", 10), ("fetch", 11)]
    (tmp_path / "package").mkdir()
    (tmp_path / "package/__main__.py").write_text(PROGRAMS["shared"])
    for path, module in (("package", True), (str(tmp_path / "package"), False)):
        program = Program(path, clock="virtual", module=module, directory=tmp_path, lines=True)
        assert in_task_steps(record(program))[1] == [("fetch", 10), ("fetch", 11)]


def test_without_being_asked_for_nothing_of_this_is_loaded() -> None:
    text = """
        import gc
        print(sorted({one.__module__ for one in gc.get_objects() if type(one) is type} & {
            "loopscope.recording.lines.line_recorder", "loopscope.recording.recorder"
        }))
        """
    shown = [
        record(Program("-c", source=textwrap.dedent(text), lines=lines)).text()
        for lines in (False, True)
    ]
    assert shown == [
        "['loopscope.recording.recorder']\n",
        "['loopscope.recording.lines.line_recorder', 'loopscope.recording.recorder']\n",
    ]
