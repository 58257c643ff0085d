"""An alarm that names the line where the loop is stuck."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import sys
import threading
import time
import traceback


def ring(thread: int) -> None:
    where = traceback.extract_stack(sys._current_frames()[thread])[-1]
    print(f"alarm: stuck in {where.name}() at `{where.line}`")


async def put_the_alarm_off() -> None:
    while True:
        alarm = threading.Timer(0.3, ring, [threading.get_ident()])
        alarm.start()
        try:
            await asyncio.sleep(0.1)
        finally:
            alarm.cancel()


async def save_order(number: int) -> None:
    print("saving order", number)
    time.sleep(0.6)
    print("order", number, "is saved")


async def main() -> None:
    watching = asyncio.create_task(put_the_alarm_off())
    await asyncio.sleep(0.15)
    await save_order(17)
    watching.cancel()


if __name__ == "__main__":
    asyncio.run(main())
