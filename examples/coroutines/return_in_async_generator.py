# /// script
# [tool.loopscope]
# exit = 1
# ///

"""A value returned from an async generator."""

import asyncio
from collections.abc import AsyncIterator


async def watch_price() -> AsyncIterator[int]:
    yield 42
    return 43


async def main() -> None:
    async for price in watch_price():
        print("price:", price)


if __name__ == "__main__":
    asyncio.run(main())
