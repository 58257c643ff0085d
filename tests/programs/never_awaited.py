"""A coroutine that nobody awaits."""

import asyncio


async def forgotten():
    print("never printed")


async def main():
    forgotten()
    asyncio.sleep(1)
    await asyncio.sleep(0)
    print("end")


asyncio.run(main())
