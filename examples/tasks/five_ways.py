"""Five ways to run a coroutine as a task."""

import asyncio


async def fetch_price(item: str) -> int:
    await asyncio.sleep(1)
    return {"lamp": 19, "chair": 45}[item]


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(fetch_price("lamp"), name="by group")
        second = asyncio.create_task(fetch_price("lamp"), name="by asyncio")
        loop = asyncio.get_running_loop()
        third = loop.create_task(fetch_price("lamp"), name="by loop")
        fourth = asyncio.ensure_future(fetch_price("lamp"))
        fifth = asyncio.gather(fetch_price("lamp"), fetch_price("chair"))
    for made in (first, second, third, fourth, fifth):
        print(f"{type(made).__name__}: {await made}")


if __name__ == "__main__":
    asyncio.run(main())
