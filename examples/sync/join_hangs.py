# /// script
# [tool.loopscope]
# exit = 124
# timeout = 2
# ///

"""A packer and three orders, one of which is a vase."""

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
    packer = asyncio.create_task(pack(queue))
    for item in ("lamp", "vase", "chair"):
        await queue.put(item)
    await queue.join()
    packer.cancel()


if __name__ == "__main__":
    asyncio.run(main())
