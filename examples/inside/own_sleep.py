"""A sleep of our own."""

import asyncio


async def sleep(seconds: float) -> None:
    loop = asyncio.get_running_loop()
    alarm = loop.create_future()
    loop.call_later(seconds, alarm.set_result, None)
    await alarm


async def brew(drink: str, seconds: float) -> None:
    print(f"{drink}: water on")
    await sleep(seconds)
    print(f"{drink}: ready")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(brew("tea", 0.3), name="tea")
        group.create_task(brew("coffee", 0.2), name="coffee")


if __name__ == "__main__":
    asyncio.run(main())
