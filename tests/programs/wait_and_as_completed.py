"""The first to come, and all in turn."""

import asyncio


async def work(seconds):
    await asyncio.sleep(seconds)
    return seconds


async def main():
    tasks = [asyncio.create_task(work(n / 20)) for n in (3, 1, 2)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print([task.result() for task in done], len(pending))
    for next_one in asyncio.as_completed(pending):
        print(await next_one)
    done, pending = await asyncio.wait([asyncio.create_task(work(10))], timeout=0.01)
    print(len(done), len(pending))


asyncio.run(main())
