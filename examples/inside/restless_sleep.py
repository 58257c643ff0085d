# /// script
# requires-python = ">=3.11"
# [tool.loopscope]
# clock = "real"
# ///

"""A sleep that keeps checking the clock."""

import asyncio
import time


async def restless_sleep(seconds: float) -> int:
    looks = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        looks += 1
        await asyncio.sleep(0)
    return looks


async def main() -> None:
    looks = await restless_sleep(0.2)
    print("it checked the clock more than 100 times:", looks > 100)


if __name__ == "__main__":
    asyncio.run(main())
