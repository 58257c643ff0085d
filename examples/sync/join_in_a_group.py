"""A group in which a failed packer ends the join()."""

import asyncio


async def pack(queue: asyncio.Queue[str]) -> None:
    while True:
        article = await queue.get()
        if article == "vase":
            raise ValueError("the vase is broken")
        print("packed:", article)
        queue.task_done()


async def main() -> None:
    queue: asyncio.Queue[str] = asyncio.Queue()
    try:
        async with asyncio.TaskGroup() as group:
            packer = group.create_task(pack(queue))
            for article in ("lamp", "vase", "chair"):
                await queue.put(article)
            await queue.join()
            packer.cancel()
    except* ValueError as group_error:
        print("main() learns:", group_error.exceptions)


if __name__ == "__main__":
    asyncio.run(main())
