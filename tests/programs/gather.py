"""Results in order, whoever is first."""

import asyncio


async def work(name, seconds):
    await asyncio.sleep(seconds)
    print(name, "done")
    return name


async def main():
    print(await asyncio.gather(work("slow", 0.06), work("fast", 0.01)))


asyncio.run(main())
