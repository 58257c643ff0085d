"""Three things left over when main() returns."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import time
from collections.abc import AsyncIterator


async def watch_orders() -> AsyncIterator[int]:
    try:
        yield 17
    finally:
        print("async generator: closed")


async def send_report() -> None:
    try:
        await asyncio.sleep(60)
    finally:
        print("task: stopped")


def write_backup() -> None:
    time.sleep(0.5)
    print("thread: backup written")


async def main(orders: AsyncIterator[int]) -> None:
    asyncio.get_running_loop().run_in_executor(None, write_backup)
    print("first order:", await anext(orders))
    asyncio.create_task(send_report())
    await asyncio.sleep(0.1)
    print("main() returns")


if __name__ == "__main__":
    new_orders = watch_orders()
    asyncio.run(main(new_orders))
    print("asyncio.run() returns")
