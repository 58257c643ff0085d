"""A coroutine that was only half modernized."""

# /// script
# [tool.loopscope]
# exit = 1
# ///

import asyncio


async def send_report() -> None:
    print("connecting to the mail server")
    yield from asyncio.sleep(1)
    print("report sent")


if __name__ == "__main__":
    asyncio.run(send_report())
