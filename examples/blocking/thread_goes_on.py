"""A thread that keeps running after its time limit."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import time


def save_order(number: int) -> None:
    time.sleep(0.6)
    print("order", number, "is saved")


async def main() -> None:
    try:
        async with asyncio.timeout(0.2):
            await asyncio.to_thread(save_order, 17)
    except TimeoutError:
        print("main() stops waiting")
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
