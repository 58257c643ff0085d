"""asyncio's debug mode, with where things were created."""

import asyncio
import logging

logging.basicConfig(format="%(levelname)s %(name)s %(message).40s")


async def fail():
    await asyncio.sleep(0.001)
    raise ValueError("debug")


async def main():
    asyncio.get_running_loop().slow_callback_duration = 10
    task = asyncio.create_task(fail())
    await asyncio.sleep(0.01)
    print(repr(task))
    asyncio.sleep(1)
    loop = asyncio.get_running_loop()
    print(loop.get_debug(), "created at" in repr(loop.call_later(1, print)))


asyncio.run(main(), debug=True)
