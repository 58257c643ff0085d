# /// script
# requires-python = ">=3.13"
# ///

"""A put() that's waiting when the queue is shut down."""

import asyncio


async def send_orders(queue: asyncio.Queue[str]) -> None:
    for item in ("lamp", "chair"):
        try:
            await queue.put(item)
            print(f"the {item} is in the queue")
        except asyncio.QueueShutDown:
            print(f"the {item} was refused")


async def main() -> None:
    queue: asyncio.Queue[str] = asyncio.Queue(maxsize=1)
    async with asyncio.TaskGroup() as group:
        group.create_task(send_orders(queue))
        await asyncio.sleep(1)
        queue.shutdown()
        print("shut down, waiting:", queue.qsize())


if __name__ == "__main__":
    asyncio.run(main())
