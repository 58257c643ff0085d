"""The smallest picture of a run."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

import pytest
from recorders import Recorded

from loopscope.views import thumbnail

PROGRAMS = {
    "two": """
        async def nap(seconds):
            await asyncio.sleep(seconds)

        async def main():
            await asyncio.gather(nap(1), nap(2))
    """,
    "blocking": """
        async def main():
            time.sleep(1)
            await asyncio.sleep(1)
    """,
    "many": """
        async def main():
            await asyncio.gather(*(asyncio.sleep(1) for _ in range(9)))
    """,
}


@pytest.fixture(scope="module")
def programs(recorded: Callable[[], Recorded]) -> Recorded:
    programs = recorded()
    for name, text in PROGRAMS.items():
        programs.add(name, f"import asyncio, time\n{textwrap.dedent(text)}\nasyncio.run(main())\n")
    programs.add("no task", "print('no task')")
    return programs


def rows(path: str) -> set[int]:
    return {int(y) for y in re.findall(r"M\d+ (\d+)H\d+", path)}


def test_each_task_has_a_row_in_which_it_runs_and_waits(programs: Recorded) -> None:
    runs, waits, blocked = thumbnail.draw(programs.trace("two"))
    assert rows(runs) == rows(waits) == {3, 9, 15}
    assert blocked == ""
    assert max(int(x) for x in re.findall(r"H(\d+)", runs + waits)) <= thumbnail.ACROSS


def test_what_blocks_the_loop_has_a_path_of_its_own(programs: Recorded) -> None:
    _, _, blocked = thumbnail.draw(programs.trace("blocking"))
    assert rows(blocked) == {3} and blocked.count("M") == 1


def test_of_many_tasks_the_first_six_are_drawn(programs: Recorded) -> None:
    assert len(rows(thumbnail.draw(programs.trace("many"))[0])) == 6


def test_without_a_task_there_is_none(programs: Recorded) -> None:
    assert thumbnail.draw(programs.trace("no task")) == []


def test_lines_that_touch_are_one_and_none_is_too_short_to_see() -> None:
    assert thumbnail._lines([(4, 8), (0, 4), (400, 400.1)], 3) == "M0 3H2M100 3H101"
