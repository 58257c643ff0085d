"""An async for over an async generator."""

import asyncio
from collections.abc import AsyncIterator


async def read_orders() -> AsyncIterator[int]:
    for number in (17, 18):
        await asyncio.sleep(0.5)
        yield number


async def main() -> None:
    async for order in read_orders():
        print("order", order)


if __name__ == "__main__":
    asyncio.run(main())
