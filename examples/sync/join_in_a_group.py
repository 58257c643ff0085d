"""A group in which a failed packer ends the join()."""

import asyncio


async def pack(queue: asyncio.Queue[str]) -> None:
    while True:
        item = await queue.get()
        if item == "vase":
            raise ValueError("the vase is broken")
        print("packed:", item)
        queue.task_done()


async def main() -> None:
    queue: asyncio.Queue[str] = asyncio.Queue()
    try:
        async with asyncio.TaskGroup() as group:
            packer = group.create_task(pack(queue))
            for item in ("lamp", "vase", "chair"):
                await queue.put(item)
            await queue.join()
            packer.cancel()
    except* ValueError as group_error:
        print("main() gets:", group_error.exceptions)


if __name__ == "__main__":
    asyncio.run(main())
