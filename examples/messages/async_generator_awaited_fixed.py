"""An async generator is collected into a list."""

import asyncio
from collections.abc import AsyncIterator


async def read_orders() -> AsyncIterator[int]:
    for number in (17, 18):
        await asyncio.sleep(0.5)
        yield number


async def main() -> None:
    print([order async for order in read_orders()])


if __name__ == "__main__":
    asyncio.run(main())
