# /// script
# [tool.loopscope]
# exit = 124
# timeout = 2
# ///

"""A queue with room for two."""

import asyncio


async def pack(queue: asyncio.Queue[str]) -> None:
    while not queue.empty():
        print("packed:", await queue.get())


async def main() -> None:
    queue: asyncio.Queue[str] = asyncio.Queue(maxsize=2)
    for item in ("lamp", "chair", "carpet"):
        await queue.put(item)
        print("waiting to be packed:", item)
    await pack(queue)


if __name__ == "__main__":
    asyncio.run(main())
