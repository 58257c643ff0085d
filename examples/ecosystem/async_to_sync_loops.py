# /// script
# requires-python = ">=3.11"
# dependencies = ["asgiref"]
# [tool.loopscope]
# clock = "real"
# ///

"""A coroutine, called from plain functions in three places."""

import asyncio

from asgiref.sync import async_to_sync, sync_to_async


async def current_loop() -> asyncio.AbstractEventLoop:
    await asyncio.sleep(0.1)
    return asyncio.get_running_loop()


def plain_function() -> asyncio.AbstractEventLoop:
    return async_to_sync(current_loop)()


async def main() -> None:
    try:
        plain_function()
    except RuntimeError as error:
        print("called in main():", error)
    here = asyncio.get_running_loop()
    loop = await sync_to_async(plain_function)()
    print("called in a thread, on the loop of main():", loop is here)


if __name__ == "__main__":
    first, second = plain_function(), plain_function()
    print("called with no loop, on one loop:", first is second)
    print("closed:", first.is_closed(), second.is_closed())
    asyncio.run(main())
