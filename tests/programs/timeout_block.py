# python: 3.11
"""asyncio.timeout, in time and not."""

import asyncio


async def main():
    async with asyncio.timeout(5):
        await asyncio.sleep(0.01)
        print("in time")
    try:
        async with asyncio.timeout(0.02) as scope:
            await asyncio.sleep(10)
    except TimeoutError as late:
        print(repr(late), scope.expired())
    async with asyncio.timeout(None) as scope:
        print(scope)


asyncio.run(main())
