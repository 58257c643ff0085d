"""A pipeline whose queues have no limit."""

import asyncio

Orders = asyncio.Queue[int | None]


async def read(found: Orders) -> None:
    for order in range(1, 7):
        await asyncio.sleep(0.1)
        await found.put(order)
        print("read", order)
    await found.put(None)


async def check(found: Orders, good: Orders) -> None:
    while (order := await found.get()) is not None:
        await asyncio.sleep(0.05)
        await good.put(order)
    await good.put(None)


async def save(good: Orders) -> None:
    while (order := await good.get()) is not None:
        await asyncio.sleep(0.7)
        print("          saved", order)


async def main() -> None:
    found, good = Orders(), Orders()
    async with asyncio.TaskGroup() as group:
        group.create_task(read(found))
        group.create_task(check(found, good))
        group.create_task(save(good))
    print("main() continues")


if __name__ == "__main__":
    asyncio.run(main())
