# /// script
# requires-python = ">=3.11"
# dependencies = ["asgiref"]
# [tool.loopscope]
# clock = "real"
# ///

"""A coroutine, called from plain functions in four places."""

import asyncio
import threading
from asyncio import AbstractEventLoop

from asgiref.sync import async_to_sync, sync_to_async


async def find_out() -> tuple[AbstractEventLoop, threading.Thread]:
    await asyncio.sleep(0.1)
    return asyncio.get_running_loop(), threading.current_thread()


def plain_function() -> tuple[AbstractEventLoop, threading.Thread]:
    return async_to_sync(find_out)()


async def main() -> None:
    try:
        plain_function()
    except RuntimeError as error:
        print("in main():", error)
    here = asyncio.get_running_loop()
    loop, _ = await sync_to_async(plain_function)()
    print("through sync_to_async, on main()'s loop:", loop is here)
    loop, _ = await asyncio.to_thread(plain_function)
    print("through to_thread, on main()'s loop:", loop is here)


if __name__ == "__main__":
    (first, thread), (second, _) = plain_function(), plain_function()
    print("with no loop, twice on one loop:", first is second)
    print("in the main thread:", thread is threading.main_thread())
    asyncio.run(main())
