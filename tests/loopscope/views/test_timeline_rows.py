"""The rows of a timeline: whose time is up while the loop is blocked, and where a row ends."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from recorders import Recorded

from loopscope import Trace
from loopscope.views import timeline
from loopscope.views.timeline_layout import LEFT, RIGHT, WIDTH, Layout

SVG = "{http://www.w3.org/2000/svg}"
OVERDUE = """
    import asyncio, time

    async def tick():
        for _ in range(3):
            await asyncio.sleep(0.2)

    async def short():
        pass

    async def main():
        ticker = asyncio.create_task(tick())
        asyncio.create_task(short())
        await asyncio.sleep(0.3)
        time.sleep(0.6)
        await ticker

    asyncio.run(main())
"""
NO_TIME = """
    import asyncio

    async def child():
        pass

    async def main():
        await asyncio.create_task(child())

    asyncio.run(main())
"""


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    programs.add("overdue", OVERDUE)
    programs.add("no_time", NO_TIME)
    return programs


def drawn(trace: Trace) -> ElementTree.Element:
    return ElementTree.fromstring(timeline.draw(trace, alone=True))


def test_a_timer_that_is_overdue_is_told_from_waiting(programs: Recorded) -> None:
    trace = programs.trace("overdue")
    layout = Layout(trace)
    main, tick, _ = map(layout.task_row, layout.tasks)
    assert main.late == []
    ((left, right),) = tick.late
    blocked = next(step for step in layout.steps_of(1) if trace.steps[step].end > 0.8)
    span = layout.axis.spans[blocked]
    # due at 0.4 s, in the block from 0.3 to 0.9 s, after which the loop notices
    assert left == pytest.approx(span.left + (span.right - span.left) / 6, abs=0.5)
    assert span.right <= right + 0.5
    assert any(wait[1] == left for wait in tick.waits)
    titles = [title.text for title in drawn(trace).iter(f"{SVG}title")]
    assert titles.count("its time is up, but the loop is blocked") == 1


def test_how_a_task_ended_stands_where_its_row_does(programs: Recorded) -> None:
    trace = programs.trace("overdue")
    told = [
        text
        for text in drawn(trace).iter(f"{SVG}text")
        if (text.text or "").startswith("✓ returned at 0.000 s")
    ]
    (short,) = told
    layout = Layout(trace)
    end = layout.task_row(layout.tasks[2]).others[-1]
    assert 0 < float(short.get("x", 0)) - end.x < 20
    late = next(
        text for text in drawn(trace).iter(f"{SVG}text") if "returned at 1.1" in (text.text or "")
    )
    assert float(late.get("x", 0)) == WIDTH - RIGHT


def test_a_run_without_time_uses_more_than_its_left_edge(programs: Recorded) -> None:
    layout = Layout(programs.trace("no_time"))
    assert layout.axis.end - LEFT > (WIDTH - LEFT - RIGHT) / 3
