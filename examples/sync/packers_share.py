"""Two packers who share the work."""

import asyncio
from collections import Counter


async def send_orders(queue: asyncio.Queue[str], shop: str) -> None:
    for number in range(5):
        await queue.put(f"{shop} {number}")


async def pack(
    queue: asyncio.Queue[str], packed: Counter[str], packer: str
) -> None:
    while True:
        await queue.get()
        await asyncio.sleep(0.1)
        packed[packer] += 1
        queue.task_done()


async def main() -> None:
    queue: asyncio.Queue[str] = asyncio.Queue()
    packed = Counter({"Ada": 0, "Grace": 0})
    async with asyncio.TaskGroup() as shops:
        for shop in ("Oslo", "Cairo", "Lisbon"):
            shops.create_task(send_orders(queue, shop))
    print("orders in the queue:", queue.qsize())
    packers = [
        asyncio.create_task(pack(queue, packed, packer)) for packer in packed
    ]
    await queue.join()
    print("packed:", dict(packed))
    for packer in packers:
        packer.cancel()


if __name__ == "__main__":
    asyncio.run(main())
