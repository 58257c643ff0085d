"""A coroutine that pauses while it waits, next to a task that ticks."""

import asyncio


async def tick() -> None:
    while True:
        await asyncio.sleep(0.2)
        print("tick")


async def save_order(number: int) -> None:
    print("saving order", number)
    await asyncio.sleep(0.6)
    print("order", number, "is saved")


async def main() -> None:
    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0.3)
    await save_order(17)
    await asyncio.sleep(0.25)
    ticking.cancel()


if __name__ == "__main__":
    asyncio.run(main())
