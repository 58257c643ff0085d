"""A stopwatch around each await."""

import asyncio
import time
from collections.abc import Awaitable


async def fetch_price() -> None:
    await asyncio.sleep(1)
    await asyncio.sleep(1)


async def save_order() -> None:
    time.sleep(1)


async def measure(name: str, work: Awaitable[None]) -> None:
    start = time.perf_counter()
    await work
    print(f"{name:<12} seconds: {time.perf_counter() - start:.0f}")


async def main() -> None:
    await measure("fetch_price", fetch_price())
    await measure("save_order", save_order())


if __name__ == "__main__":
    asyncio.run(measure("main", main()))
