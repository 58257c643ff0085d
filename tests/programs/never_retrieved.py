"""A task that fails unseen."""

import asyncio


async def fail():
    raise RuntimeError("unseen")


async def main():
    asyncio.create_task(fail(), name="unseen")
    await asyncio.sleep(0.01)
    print("main ends")


asyncio.run(main())
