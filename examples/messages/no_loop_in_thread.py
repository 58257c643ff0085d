"""A thread that asks for the current loop."""

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
    try:
        loop = asyncio.get_event_loop()
        loop.run_until_complete(send_report())
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
