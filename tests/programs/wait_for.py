"""wait_for gives up, and the work is cancelled."""

import asyncio


async def work():
    try:
        await asyncio.sleep(10)
    finally:
        print("cleaned up")


async def main():
    print(await asyncio.wait_for(asyncio.sleep(0.01, "value"), 1))
    try:
        await asyncio.wait_for(work(), 0.03)
    except asyncio.TimeoutError:
        print("too late")


asyncio.run(main())
