"""A call that debug mode refuses halfway through."""

# /// script
# [tool.loopscope]
# clock = "real"
# exit = 124
# timeout = 2
# ///

import asyncio
import threading
import time


def print_labels(printed: asyncio.Queue[str]) -> None:
    time.sleep(0.1)
    try:
        printed.put_nowait("labels for tea")
    except RuntimeError as error:
        print("RuntimeError in the thread:", error)
    print("in the queue:", printed.qsize())


async def main() -> None:
    printed = asyncio.Queue[str]()
    threading.Thread(target=print_labels, args=(printed,)).start()
    print("main() takes the", await printed.get())


if __name__ == "__main__":
    asyncio.run(main(), debug=True)
