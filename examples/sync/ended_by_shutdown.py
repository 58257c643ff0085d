# /// script
# requires-python = ">=3.13"
# ///

"""Packers who go home when the queue is shut down."""

import asyncio


async def pack(queue: asyncio.Queue[str], packer: str) -> None:
    try:
        while True:
            item = await queue.get()
            await asyncio.sleep(0.45)
            print(f"{packer} packed the {item}")
    except asyncio.QueueShutDown:
        print(packer, "goes home")


async def main() -> None:
    queue: asyncio.Queue[str] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        for packer in ("Ada", "Grace"):
            group.create_task(pack(queue, packer), name=packer)
        for item in ("lamp", "chair", "carpet"):
            await queue.put(item)
            await asyncio.sleep(0.1)
        print("all orders are in, waiting:", queue.qsize())
        queue.shutdown()
        try:
            await queue.put("shelf")
        except asyncio.QueueShutDown:
            print("no more orders")


if __name__ == "__main__":
    asyncio.run(main())
