"""Tasks that are still there when main returns."""

import asyncio


async def stubborn(number):
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(0.001)
        if number == 1:
            raise RuntimeError("while being cancelled")
        raise


async def main():
    tasks = [asyncio.create_task(stubborn(number)) for number in range(2)]
    await asyncio.sleep(0)
    return tasks


print([task.done() for task in asyncio.run(main())])
loop = asyncio.new_event_loop()
task = loop.create_task(asyncio.sleep(60), name="abandoned")
loop.run_until_complete(asyncio.sleep(0))
loop.close()
