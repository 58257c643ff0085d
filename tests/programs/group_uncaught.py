# python: 3.11
"""An exception group that nobody catches, with causes."""

import asyncio


async def fail(kind):
    try:
        raise OSError("first")
    except OSError as cause:
        raise kind("second") from cause


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(fail(KeyError))
        group.create_task(fail(ValueError))


asyncio.run(main())
