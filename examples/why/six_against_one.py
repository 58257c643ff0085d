"""Six tasks against one, waiting and computing."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

Work = Callable[[], Coroutine[Any, Any, None]]


async def fetch_price() -> None:
    await asyncio.sleep(0.2)


async def add_squares() -> None:
    sum(number * number for number in range(1_000_000))


async def seconds(work: Work, tasks: int) -> float:
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(tasks):
            group.create_task(work())
    return time.perf_counter() - began


async def main() -> None:
    for work in (fetch_price, add_squares):
        one, six = await seconds(work, 1), await seconds(work, 6)
        longer = six > 3 * one
        print(
            f"{work.__name__}(): six took over 3 times as long as one:", longer
        )


if __name__ == "__main__":
    asyncio.run(main())
