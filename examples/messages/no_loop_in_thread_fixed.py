"""A thread with a loop of its own."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import threading


async def send_report() -> None:
    await asyncio.sleep(0.1)
    print("report sent")


def work() -> None:
    asyncio.run(send_report())


if __name__ == "__main__":
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
