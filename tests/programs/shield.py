"""A shielded task outlives who waits for it."""

import asyncio


async def save():
    await asyncio.sleep(0.05)
    print("saved")


async def main():
    task = asyncio.create_task(save())
    waiter = asyncio.create_task(asyncio.wait_for(asyncio.shield(task), 0.01))
    print(await asyncio.gather(waiter, return_exceptions=True), task.cancelled())
    await task


asyncio.run(main())
