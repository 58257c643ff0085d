# python: 3.11
"""A failure in a task group cancels its siblings."""

import asyncio


async def sibling():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("sibling cancelled")
        raise


async def failing():
    await asyncio.sleep(0.01)
    raise LookupError("nothing there")


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(sibling())
            group.create_task(failing())
    except* LookupError as errors:
        print(errors.exceptions)


asyncio.run(main())
