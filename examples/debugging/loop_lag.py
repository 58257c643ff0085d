"""A ticker that measures how late the loop is."""

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


async def watch_the_lag() -> None:
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0.1)
        lag = time.perf_counter() - start - 0.1
        if lag > 0.5:
            print(f"the loop was {lag:.0f} s late")


async def main() -> None:
    ticker = asyncio.create_task(watch_the_lag())
    await measure("fetch_price", fetch_price())
    async with asyncio.TaskGroup() as group:
        group.create_task(measure("fetch_price", fetch_price()), name="price")
        group.create_task(measure("save_order", save_order()), name="order")
    ticker.cancel()


if __name__ == "__main__":
    asyncio.run(main())
