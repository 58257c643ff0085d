"""A task that reads while main() packs."""

import asyncio
from collections.abc import AsyncIterator


async def read_orders() -> AsyncIterator[int]:
    for number in (17, 18, 19):
        await asyncio.sleep(0.5)
        print("read_orders() read", number)
        yield number


async def fill(waiting: asyncio.Queue[int]) -> None:
    async for order in read_orders():
        await waiting.put(order)


async def main() -> None:
    waiting: asyncio.Queue[int] = asyncio.Queue(maxsize=2)
    async with asyncio.TaskGroup() as group:
        group.create_task(fill(waiting))
        for _ in range(3):
            order = await waiting.get()
            await asyncio.sleep(0.3)
            print("main() packed", order)


if __name__ == "__main__":
    asyncio.run(main())
