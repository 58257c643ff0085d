"""An async generator, and the loop that uses it."""

import asyncio
from collections.abc import AsyncIterator


async def read_orders() -> AsyncIterator[int]:
    for number in (17, 18, 19):
        await asyncio.sleep(0.5)
        print("read_orders() read", number)
        yield number


async def main() -> None:
    async for order in read_orders():
        await asyncio.sleep(0.3)
        print("main() packed", order)


if __name__ == "__main__":
    asyncio.run(main())
