"""Two calls that are meant for a thread."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import threading
import time


def save_order(number: int) -> None:
    print("saving order", number, "in", threading.current_thread().name)
    time.sleep(0.2)


async def main() -> None:
    try:
        await asyncio.to_thread(save_order(17))
    except TypeError as error:
        print("TypeError:", error)
    await asyncio.to_thread(save_order, 17)


if __name__ == "__main__":
    asyncio.run(main())
