"""A join() while the orders are still coming in."""

import asyncio


async def take_orders(queue: asyncio.Queue[str]) -> None:
    for item in ("lamp", "chair", "carpet"):
        await queue.put(item)
        await asyncio.sleep(0.3)
    print("all orders are in")


async def pack(queue: asyncio.Queue[str]) -> None:
    while True:
        item = await queue.get()
        await asyncio.sleep(0.1)
        print("packed:", item)
        queue.task_done()


async def main() -> None:
    queue: asyncio.Queue[str] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        group.create_task(take_orders(queue))
        packer = group.create_task(pack(queue))
        await queue.join()
        print("join() says: everything is packed")
        packer.cancel()


if __name__ == "__main__":
    asyncio.run(main())
