"""A time limit around a call that blocks."""

import asyncio
import time


async def save_order(number: int) -> None:
    time.sleep(0.6)
    print("order", number, "is saved")


async def main() -> None:
    try:
        async with asyncio.timeout(0.2):
            await save_order(17)
    except TimeoutError:
        print("main() stops waiting")
    else:
        print("main() never saw a TimeoutError")


if __name__ == "__main__":
    asyncio.run(main())
