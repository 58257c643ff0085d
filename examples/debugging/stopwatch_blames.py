"""A stopwatch that blames the wrong function."""

import asyncio
import time
from collections.abc import Awaitable


async def fetch_price() -> None:
    await asyncio.sleep(1)


async def save_order() -> None:
    time.sleep(3)


async def measure(name: str, work: Awaitable[None]) -> None:
    start = time.perf_counter()
    await work
    print(f"{name:<12} seconds: {time.perf_counter() - start:.0f}")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(measure("fetch_price", fetch_price()), name="price")
        group.create_task(measure("save_order", save_order()), name="order")


if __name__ == "__main__":
    asyncio.run(main())
