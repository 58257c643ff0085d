"""The legend of a timeline: it explains each kind of mark in the picture, and no other."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import replace

import pytest
from recorders import Recorded

from loopscope.trace.model import Trace
from loopscope.views import legend, timeline

MARKS = {
    "run": "a turn: the task runs, and no other task does",
    "blocked": "a turn that blocks the loop, and for how long",
    "wait": "waiting for whatever is named above the line",
    "ready": "ready, but others run first",
    "out": "a printed line",
    "good": "returned",
    "fold": "a stretch of time, shortened in the picture",
    "cut": "the record ends here",
}
"""The class of each kind of shape, with its words."""
ENDS = {
    "✗": "failed",
    "⊘": "cancelled",
    "…": "not done when the picture ends",
    "☓": "destroyed before it was done",
}
PROGRAMS = {
    "returns": "async def main(): print('here')",
    "waits": """
        async def late():
            await asyncio.sleep(0.5)

        async def main():
            task = asyncio.create_task(late())
            await task
        """,
    "blocks": """
        async def main():
            time.sleep(0.5)
            await asyncio.sleep(60)
            raise ValueError
        """,
    "cancels": """
        async def main():
            asyncio.get_running_loop().call_soon(print, "called")
            task = asyncio.create_task(asyncio.sleep(1))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.sleep(0.1)
        """,
}


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    for name, text in PROGRAMS.items():
        programs.add(name, f"import asyncio, time\n{textwrap.dedent(text)}\nasyncio.run(main())\n")
    programs.add("no task", "print('no task')")
    return programs


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_explains_what_is_in_the_picture_and_nothing_else(name: str, programs: Recorded) -> None:
    trace = programs.trace(name)
    for shown in (trace, replace(trace, steps_cut=0.0)):
        picture = timeline.draw(shown)
        expected = {
            text
            for kind, text in MARKS.items()
            if f'class="{kind}" d=' in picture or f'class="{kind}"><title' in picture
        }
        expected |= {text for sign, text in ENDS.items() if f">{sign}</text>" in picture}
        if ">callbacks: " in picture:
            expected.add("functions that the loop calls directly, outside any task")
        assert set(_texts(shown)) == expected
        assert len(expected) == len(_texts(shown)) > 2


def test_it_has_no_id_which_a_page_could_repeat(programs: Recorded) -> None:
    assert "id=" not in legend.draw(programs.trace("waits"))


def test_without_a_picture_there_is_none(programs: Recorded) -> None:
    trace = programs.trace("no task")
    assert timeline.draw(trace) == legend.draw(trace) == ""


def _texts(trace: Trace) -> list[str]:
    items = re.findall("<li>(.*?)</li>", legend.draw(trace))
    return [re.sub("<(svg|b)[ >].*</(svg|b)>", "", item).strip() for item in items]
