"""Two runs in one picture: each keeps its order and its rows, and equal times stand together."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from recorders import Recorded

from loopscope.views import timeline
from loopscope.views.comparison import side_by_side
from loopscope.views.timeline_layout import Layout

IN_TURN = """
    import asyncio

    async def main():
        await asyncio.sleep(0.3)
        print("one")
        await asyncio.sleep(0.2)

    asyncio.run(main())
"""
AT_ONCE = """
    import asyncio

    async def wait(seconds):
        await asyncio.sleep(seconds)
        print(seconds)

    async def main():
        await asyncio.gather(wait(0.3), wait(0.2))

    asyncio.run(main())
"""


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    programs.add("in_turn", IN_TURN)
    programs.add("at_once", AT_ONCE)
    return programs


def test_both_runs_are_whole_and_in_their_order(programs: Recorded) -> None:
    first, second = programs.trace("in_turn"), programs.trace("at_once")
    both = side_by_side(first, second)
    shift = len(first.tasks)
    assert [task.name for task in both.tasks] == [
        task.name for run in (first, second) for task in run.tasks
    ]
    assert [task.id for task in both.tasks] == [*range(1, len(both.tasks) + 1)]
    assert both.duration == max(first.duration, second.duration)
    assert [step.time for step in both.steps] == sorted(step.time for step in both.steps)
    numbers = [step.task for step in second.steps if step.task]
    assert [step.task - shift for step in both.steps if (step.task or 0) > shift] == numbers  # type: ignore[operator]
    ready = [entry for step in second.steps for entry in step.ready if isinstance(entry, int)]
    assert ready == [
        entry - shift
        for step in both.steps
        for entry in step.ready
        if isinstance(entry, int) and entry > shift
    ]
    for piece in both.output:
        assert piece.step is not None and both.steps[piece.step].task == piece.task
    assert both.text() == "0.2\none\n0.3\n"


def test_what_happens_at_the_same_time_stands_at_the_same_place(programs: Recorded) -> None:
    first, second = programs.trace("in_turn"), programs.trace("at_once")
    both = side_by_side(first, second)
    layout = Layout(both)
    at = {
        task.name + str(task.id): [
            layout.axis.spans[step].left for step in layout.steps_of(task.id)
        ]
        for task in layout.tasks
    }
    width = 9.0
    main, *others = at.values()
    assert abs(main[1] - others[1][1]) <= 3 * width  # both wake after 0.3 s
    picture = ElementTree.fromstring(
        timeline.draw(
            both, alone=True, headings={1: "in_turn.py", len(first.tasks) + 1: "at_once.py"}
        )
    )
    texts = ["".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    places = [
        index
        for index, text in enumerate(texts)
        if text in ("in_turn.py", "at_once.py") or re.match("main|wait", text)
    ]
    assert [re.split(r"Task", texts[index])[0] for index in places] == [
        *("in_turn.py", "main"),
        *("at_once.py", "main", "wait", "wait"),
    ]
