"""A step that holds the loop, seen by debug mode."""

import asyncio
import logging
import time

logging.basicConfig(format="%(message).15s")


async def heartbeat():
    for _ in range(3):
        print("tick")
        await asyncio.sleep(0.02)


async def main():
    asyncio.get_running_loop().slow_callback_duration = 0.3
    beat = asyncio.create_task(heartbeat())
    await asyncio.sleep(0)
    before = time.monotonic()
    time.sleep(0.4)
    print(round(time.monotonic() - before, 1))
    await beat
    try:
        time.sleep(-1)
    except ValueError as problem:
        print(problem)
    try:
        time.sleep("1")
    except TypeError as problem:
        print(problem)


asyncio.run(main(), debug=True)
