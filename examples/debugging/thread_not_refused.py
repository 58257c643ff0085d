"""A call from the wrong thread that debug mode lets through."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import threading


def print_labels(printed: asyncio.Queue[str]) -> None:
    printed.put_nowait("labels for tea")
    print("the thread put the labels into the queue")


async def main() -> None:
    printed = asyncio.Queue[str]()
    threading.Thread(target=print_labels, args=(printed,)).start()
    await asyncio.sleep(0.2)
    print("main() takes the", printed.get_nowait())


if __name__ == "__main__":
    asyncio.run(main(), debug=True)
