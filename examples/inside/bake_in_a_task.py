"""A coroutine that pauses twice, in a task."""

import asyncio


async def bake() -> str:
    print("bake() mixes")
    await asyncio.sleep(1)
    print("bake() heats the oven")
    await asyncio.sleep(1)
    return "a cake"


async def main() -> None:
    task = asyncio.create_task(bake(), name="bake")
    print("main() gets:", await task)


if __name__ == "__main__":
    asyncio.run(main())
