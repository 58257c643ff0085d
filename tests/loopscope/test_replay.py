"""What a stepper is given: a moment a step, and no more than it can show."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from recording import Recorded

from loopscope.replay import LISTED, MOMENTS, replay, to_json

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


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    programs.add("many", MANY)
    if sys.version_info >= (3, 12):
        programs.add("eager", EAGER)
    return programs


def test_a_long_run_is_cut_off_and_says_so(programs: Recorded) -> None:
    trace = programs.trace("many")
    data = to_json(trace, MANY)
    assert len(trace.steps) > MOMENTS == len(data["moments"])
    assert data["left_out"] == len(trace.steps) - MOMENTS
    last = data["moments"][-1]
    assert len(last["waiting"]) <= LISTED and last["more"][0] > 900


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks are new in Python 3.12")
def test_a_step_inside_of_another_is_told_in_its_place(programs: Recorded) -> None:
    moments = [moment for moment in replay(programs.trace("eager"), EAGER) if not moment.own]
    assert [moment.running for moment in moments[:3]] == [1, 2, 1]
    assert [moment.printed for moment in moments[:3]] == [1, 2, 3]
    assert moments[2].text.startswith("Still the same step: Task-1")
