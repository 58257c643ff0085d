"""An async function with a yield in it is something else."""

import asyncio
import inspect
from collections.abc import AsyncIterator


async def watch_price() -> AsyncIterator[int]:
    yield 42
    await asyncio.sleep(1)
    yield 43


async def main() -> None:
    print("a coroutine function:", inspect.iscoroutinefunction(watch_price))
    print(
        "an async generator function:", inspect.isasyncgenfunction(watch_price)
    )

    prices = watch_price()
    print("watch_price() is an", type(prices).__name__)
    async for price in prices:
        print("price:", price)


if __name__ == "__main__":
    asyncio.run(main())
