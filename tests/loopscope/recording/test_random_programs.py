"""Random programs do the same unrecorded and recorded on both clocks, and their records can be
true.

More of them: `make fuzz N=1000`. One of them, reduced to what makes it fail: `make fuzz SEED=<seed>
ONLY=1`.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from clock_jitter import Verdict
from program_generator import Program, Statement, generate, line, reduce
from record_invariants import violations
from three_ways import Candidate, Laboratory, Runs, check, compare

from loopscope import Trace, Wait

FIRST_SEED = 0
COUNT = 20
HERE = sys.version_info[:2]

TIED = """
import asyncio

async def work(number):
    await asyncio.sleep(0.05)
    print(number)

async def main():
    await asyncio.gather(*map(work, range(10)))
    task = asyncio.create_task(asyncio.wait_for(work("late"), 0.1))
    async with contextlib.AsyncExitStack() as stack:
        await asyncio.sleep(0.05)
    print(await task)

import contextlib
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with Laboratory(tmp_path_factory.mktemp("generated")) as laboratory:
        yield laboratory


class Text(Program):
    """A program that was not generated."""

    def __new__(cls, text: str) -> Text:
        return super().__new__(cls)

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "text", text)

    def source(self) -> str:
        return self.text  # type: ignore[attr-defined]


def written(laboratory: Laboratory, text: str) -> Candidate:
    return laboratory.write(0, Text(text), "written")


@pytest.fixture(scope="module")
def runs(laboratory: Laboratory) -> Runs:
    """All ways of running the program `TIED`."""
    return laboratory.begin(written(laboratory, TIED), determined=True).result()


def test_random_programs_do_the_same_unrecorded_and_recorded(laboratory: Laboratory) -> None:
    failures = list(check(laboratory, itertools.count(FIRST_SEED), COUNT))
    report = [
        f"seed {failure.candidate.seed} ({failure.candidate.file}): {failure.kind}: {failure.text}\n"
        + "".join(f"=== {name}\n{run}" for name, run in failure.runs.items())
        for failure in failures
    ]
    assert not report, "\n".join(report)


CANCELLED = """
import asyncio

async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0.05, print, "first")
    for _ in range(30):
        loop.call_later(0.05, print, "never").cancel()
    loop.call_later(0.05, print, "last")
    await asyncio.sleep(0.1)

asyncio.run(main())
"""


def test_what_was_cancelled_takes_no_room_in_the_ready_queue(laboratory: Laboratory) -> None:
    trace = laboratory.recorded(written(laboratory, CANCELLED), "virtual").result()
    assert trace.text() == "first\nlast\n"
    assert [step.ready for step in trace.steps if step.what == "print"] == [("print",), ()]


# Each of the parts would notice


def judged(laboratory: Laboratory, body: str) -> Verdict:
    text = f"import asyncio\n\nasync def work(n, seconds):\n    try:\n        await asyncio.sleep(seconds)\n    finally:\n        print(n)\n\n{body}"
    return laboratory.judge(written(laboratory, text)).result()


def test_the_order_of_equal_sleeps_is_determined(laboratory: Laboratory) -> None:
    body = "async def main():\n    await asyncio.gather(*(work(n, 0.05) for n in range(10)))\n\nasyncio.run(main())"
    verdict = judged(laboratory, body)
    assert (verdict.determined, verdict.problem) == (True, None)
    assert verdict.stdout == "".join(f"{n}\n" for n in range(10))
    assert verdict.seconds > 0.05


@pytest.mark.parametrize(
    "body",
    [
        "    await asyncio.gather(work(1, 0.05), work(2, 0.0501))\n    await asyncio.gather(work(1, 0.0502), work(2, 0.05))\n"
        "    first = asyncio.create_task(work(1, 0.0504))\n    await asyncio.sleep(0.05)\n    await asyncio.sleep(0.0003)\n    print(2)\n    await first\n",
        "    tasks = [asyncio.create_task(work(n, 1)) for n in range(9)]\n    await asyncio.sleep(0.05)\n",
        pytest.param(
            "    async with asyncio.TaskGroup() as group:\n        for n in range(9):\n            group.create_task(work(n, 1))\n"
            "        await asyncio.sleep(0.05)\n        raise ValueError\n",
            marks=pytest.mark.skipif(HERE < (3, 11), reason="TaskGroup came with Python 3.11"),
        ),
    ],
    ids=["timers close together", "tasks left over", "a group that is cancelled"],
)
def test_what_the_machine_or_an_address_decides_is_not_determined(
    laboratory: Laboratory, body: str
) -> None:
    verdict = judged(laboratory, f"async def main():\n{body}\nasyncio.run(main())")
    assert (verdict.determined, verdict.problem) == (False, None)


def test_a_program_that_never_ends_is_left_out(laboratory: Laboratory) -> None:
    forever = "async def main():\n    await asyncio.Event().wait()\n\nasyncio.run(main())"
    busy = "async def main():\n    while True:\n        await asyncio.sleep(0.1)\n\nasyncio.run(main())"
    assert judged(laboratory, forever).problem == "it waits for ever"
    assert judged(laboratory, busy).problem == "it takes too long"


def test_a_program_that_is_all_right_has_no_failures(laboratory: Laboratory, runs: Runs) -> None:
    assert compare(written(laboratory, TIED), runs) == []


def other_text(trace: Trace) -> Trace:
    return replace(
        trace, output=(*trace.output[:-1], replace(trace.output[-1], text="something else\n"))
    )


@pytest.mark.parametrize(
    ("kind", "doctored"),
    [
        ("real text", lambda runs: runs._replace(real=other_text(runs.real))),
        ("real text", lambda runs: runs._replace(real=replace(runs.real, exit=1))),
        (
            "virtual text",
            lambda runs: runs._replace(
                virtual=other_text(runs.virtual), elsewhere=other_text(runs.elsewhere)
            ),
        ),
        ("another record", lambda runs: runs._replace(elsewhere=other_text(runs.elsewhere))),
        (
            "record",
            lambda runs: runs._replace(
                real=replace(
                    runs.real, stopped="there's nothing left that could wake the event loop"
                )
            ),
        ),
        (
            "did not end",
            lambda runs: runs._replace(
                real=replace(runs.real, stopped="it ran out of time: stopped after 60 s")
            ),
        ),
        (
            "record",
            lambda runs: runs._replace(
                real=replace(runs.real, notes=("only the first steps were recorded",))
            ),
        ),
        (
            "record",
            lambda runs: runs._replace(
                virtual=replace(runs.virtual, notes=[]), elsewhere=replace(runs.virtual, notes=[])
            ),
        ),
        (
            "record",
            lambda runs: runs._replace(real=replace(runs.real, steps=runs.real.steps[::-1])),
        ),
    ],
)
def test_a_difference_is_a_failure(
    laboratory: Laboratory, runs: Runs, kind: str, doctored: Callable[[Runs], Runs]
) -> None:
    assert {failure.kind for failure in compare(written(laboratory, TIED), doctored(runs))} == {
        kind
    }


def changed(trace: Trace, what: str, index: int, **values: object) -> Trace:
    """The record with one of its rows changed."""
    rows = list(getattr(trace, what))
    rows[index] = replace(rows[index], **values)
    return replace(trace, **{what: tuple(rows)})


def last_of(trace: Trace, task: int) -> int:
    return max(index for index, step in enumerate(trace.steps) if step.task == task)


def without_step(trace: Trace, index: int) -> Trace:
    return replace(trace, steps=trace.steps[:index] + trace.steps[index + 1 :], output=())


def early(trace: Trace) -> Trace:
    """The first sleeper goes on right after it fell asleep."""
    woken = last_of(trace, 2)
    return replace(
        trace,
        steps=trace.steps[:2]
        + (replace(trace.steps[woken], time=trace.steps[1].end, end=trace.steps[1].end),),
        output=(),
    )


DOCTORED: dict[str, Callable[[Trace], Trace]] = {
    "outside of the run": lambda trace: replace(trace, duration=0.01),
    "inside of the one before it": lambda trace: changed(trace, "steps", 1, end=trace.duration),
    "held the loop": lambda trace: changed(trace, "steps", 2, end=0.0, time=0.01),
    "is first in line": lambda trace: without_step(trace, 2),
    "goes on, but had not let go": lambda trace: changed(trace, "steps", 1, waiting_on=None),
    "but let go at line": lambda trace: changed(trace, "steps", 1, suspended_line=1),
    "goes on after less than sleep": early,
    "nothing says what it waits for": lambda trace: changed(
        trace, "tasks", 1, ended=None, outcome="pending"
    ),
    "but its last step waits": lambda trace: changed(
        trace, "steps", last_of(trace, 2), waiting_on=Wait("task", "Task-3")
    ),
    "not in its last step": lambda trace: changed(trace, "tasks", 1, ended=0.01),
    "without a step": lambda trace: replace(trace, steps=(), output=()),
    "is pending, but ended": lambda trace: changed(trace, "tasks", 1, outcome="pending"),
    "with the error": lambda trace: changed(trace, "tasks", 1, error="ValueError"),
    "is older than": lambda trace: changed(trace, "tasks", 1, parent=9),
    "was not running then": lambda trace: changed(trace, "tasks", 1, created=0.03),
    "stands at place": lambda trace: replace(trace, tasks=trace.tasks[::-1]),
    "which is not known": lambda trace: changed(trace, "steps", -1, task=99),
    "that are not known": lambda trace: changed(trace, "steps", -1, ready=(99,)),
    "timers that are not in order": lambda trace: changed(
        trace, "steps", -1, timers=((2.0, "a"), (1.0, "b"))
    ),
    "not in step": lambda trace: changed(trace, "output", 0, step=0),
    "in a step of task": lambda trace: changed(trace, "output", 0, task=1),
    "in no step": lambda trace: changed(trace, "output", 0, step=None),
    "after what came": lambda trace: changed(trace, "output", 1, time=0.0),
    "within step": lambda trace: changed(trace, "steps", last_of(trace, 2), within=1),
    "before the first one is due": lambda trace: changed(
        trace, "steps", [step.kind for step in trace.steps].index("timer") - 1, timers=((9.0, 2),)
    ),
}


@pytest.mark.parametrize("sentence", DOCTORED)
def test_a_record_that_cannot_be_true_is_noticed(runs: Runs, sentence: str) -> None:
    assert violations(runs.virtual) == []
    assert any(sentence in found for found in violations(DOCTORED[sentence](runs.virtual)))


def test_a_failing_program_is_reduced_to_what_makes_it_fail() -> None:
    program = next(
        program
        for seed in itertools.count()
        if "time.sleep" in (program := generate(seed, HERE)).source()
    )
    smaller = reduce(program, lambda candidate: "time.sleep" in candidate.source(), budget=5000)
    assert "time.sleep" in smaller.source()
    assert len(smaller.source().splitlines()) < 20 < len(program.source().splitlines())


def test_a_block_with_nothing_left_in_it_is_still_python() -> None:
    empty = Statement(("async def main():", ()))
    assert list(empty.lines()) == ["async def main():", "    pass"]
    assert ((),) not in list(line("pass").smaller()) and () in list(line("pass").smaller())


@pytest.mark.parametrize("version", [(3, 10), (3, 11), (3, 12), (3, 14)])
def test_the_programs_use_all_of_asyncio_and_the_same_seed_gives_the_same_one(
    version: tuple[int, int],
) -> None:
    programs = [generate(seed, version).source() for seed in range(250)]
    assert programs[:20] == [generate(seed, version).source() for seed in range(20)]
    assert len(set(programs)) == len(programs)
    features = (
        *(
            "create_task(",
            "gather(",
            "wait(",
            "as_completed(",
            "FIRST_COMPLETED",
            "FIRST_EXCEPTION",
            "ALL_COMPLETED",
        ),
        *(
            "sleep(0.00)",
            "sleep(0.05)",
            "wait_for(",
            "shield(",
            "with lock:",
            "with semaphore:",
            "jobs.get()",
            "jobs.put(",
        ),
        *(
            "jobs.join()",
            "ready.set()",
            "ready.clear()",
            "ready.wait()",
            "changed.wait()",
            "notify_all()",
            "set_result(",
        ),
        *(
            "set_exception(",
            ".cancel()",
            "current_task().cancel()",
            "CancelledError",
            "finally:",
            "raise ",
            "async for",
        ),
        *(
            "aclosing(",
            "connection(",
            "call_soon(",
            "call_later(",
            "call_at(",
            "add_done_callback(",
            "request.set(",
            "time.sleep(",
        ),
        *(
            ("TaskGroup()", "asyncio.timeout(", "barrier.wait()", "except*", "uncancel()")
            if version >= (3, 11)
            else ()
        ),
        *(("eager_task_factory",) if version >= (3, 12) else ()),
        *(("eager_start=True",) if version >= (3, 14) else ()),
    )
    rare = {feature for feature in features if sum(feature in program for program in programs) < 2}
    assert rare == set()
