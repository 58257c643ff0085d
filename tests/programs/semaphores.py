"""Two at a time; one release too many."""

import asyncio


async def main():
    limit = asyncio.BoundedSemaphore(2)

    async def work(number):
        async with limit:
            print("in", number)
            await asyncio.sleep(0.02 * (number + 1))
            print("out", number)

    await asyncio.gather(*map(work, range(4)))
    limit.release()


asyncio.run(main())
