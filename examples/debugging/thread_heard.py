"""A thread that wakes another thread's loop."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import threading
import time


def print_labels(
    loop: asyncio.AbstractEventLoop, printed: asyncio.Event
) -> None:
    time.sleep(0.1)
    print("the thread tells the loop")
    try:
        loop.call_soon_threadsafe(printed.set)
    except RuntimeError as error:
        print("RuntimeError in the thread:", error)


async def main() -> None:
    printed = asyncio.Event()
    loop = asyncio.get_running_loop()
    threading.Thread(target=print_labels, args=(loop, printed)).start()
    try:
        async with asyncio.timeout(0.5):
            await printed.wait()
            print("main() knows that the labels have been printed")
    except TimeoutError:
        print("main() hears nothing and gives up")


if __name__ == "__main__":
    asyncio.run(main(), debug=True)
