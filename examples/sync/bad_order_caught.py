"""A packer who keeps working after a vase breaks."""

import asyncio


async def pack(queue: asyncio.Queue[str]) -> None:
    while True:
        item = await queue.get()
        try:
            if item == "vase":
                raise ValueError("the vase is broken")
            print("packed:", item)
        except ValueError as error:
            print("not packed:", error)
        finally:
            queue.task_done()


async def main() -> None:
    queue: asyncio.Queue[str] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        packer = group.create_task(pack(queue))
        for item in ("lamp", "vase", "chair"):
            await queue.put(item)
        await queue.join()
        packer.cancel()


if __name__ == "__main__":
    asyncio.run(main())
