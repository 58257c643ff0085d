"""The blocking call in a thread of its own."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import threading
import time


async def tick() -> None:
    while True:
        await asyncio.sleep(0.2)
        print("tick")


def save_order(number: int) -> None:
    print("saving order", number, "in", threading.current_thread().name)
    time.sleep(0.6)
    print("order", number, "is saved")


async def main() -> None:
    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0.3)
    await asyncio.to_thread(save_order, 17)
    await asyncio.sleep(0.25)
    ticking.cancel()


if __name__ == "__main__":
    asyncio.run(main())
