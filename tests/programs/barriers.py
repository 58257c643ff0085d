# python: 3.11
"""All wait for the last."""

import asyncio


async def main():
    barrier = asyncio.Barrier(3)

    async def arrive(number):
        await asyncio.sleep(number / 50)
        print(number, "arrives")
        place = await barrier.wait()
        return place

    print(sorted(await asyncio.gather(*map(arrive, range(3)))), barrier.broken)


asyncio.run(main())
