"""A queue that grows, because orders come faster than they are packed."""

import asyncio


async def send_orders(queue: asyncio.Queue[int]) -> None:
    for order in range(1, 7):
        await asyncio.sleep(0.2)
        await queue.put(order)
        print(f"order {order} is in the queue, waiting: {queue.qsize()}")


async def pack(queue: asyncio.Queue[int]) -> None:
    for _ in range(6):
        await queue.get()
        await asyncio.sleep(0.7)


async def main() -> None:
    queue: asyncio.Queue[int] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        group.create_task(send_orders(queue))
        group.create_task(pack(queue))


if __name__ == "__main__":
    asyncio.run(main())
