# python: 3.12
"""Tasks that start at once."""

import asyncio


async def quick():
    print("quick")
    return 1


async def slow(depth):
    print("slow", depth)
    task = asyncio.create_task(slow(depth - 1)) if depth else None
    await asyncio.sleep(0.001)
    print("slow ends", depth)
    if task:
        await task


async def silent():
    return asyncio.current_task().get_name()


async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(quick())
    print(task)
    await asyncio.create_task(slow(2))
    print(
        await asyncio.create_task(silent(), name="silent"),
        asyncio.Task(silent(), eager_start=True, loop=asyncio.get_running_loop()).done(),
    )
    try:
        await asyncio.create_task(asyncio.wait_for(asyncio.Event().wait(), 0.001))
    except TimeoutError:
        print("timed out")


asyncio.run(main())
