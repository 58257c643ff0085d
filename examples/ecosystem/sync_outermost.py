# /// script
# requires-python = ">=3.11"
# dependencies = ["asgiref"]
# [tool.loopscope]
# clock = "real"
# ///

"""Plain code that calls a coroutine that calls plain code."""

import threading

from asgiref.sync import async_to_sync, sync_to_async


def in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


async def find_out() -> None:
    print("in find_out():", in_main_thread())
    print("by default:", await sync_to_async(in_main_thread)())
    in_any_thread = sync_to_async(in_main_thread, thread_sensitive=False)
    print("thread_sensitive=False:", await in_any_thread())


if __name__ == "__main__":
    async_to_sync(find_out)()
