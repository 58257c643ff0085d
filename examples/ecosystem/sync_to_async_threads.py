# /// script
# requires-python = ">=3.11"
# dependencies = ["asgiref"]
# [tool.loopscope]
# clock = "real"
# ///

"""Two blocking calls, handed to threads in three ways."""

import asyncio
import threading
import time

from asgiref.sync import sync_to_async


def read_file() -> threading.Thread:
    time.sleep(0.2)
    return threading.current_thread()


async def in_shared_thread() -> threading.Thread:
    return await sync_to_async(read_file)()


async def in_any_thread() -> threading.Thread:
    return await sync_to_async(read_file, thread_sensitive=False)()


async def by_asyncio() -> threading.Thread:
    return await asyncio.to_thread(read_file)


async def main() -> None:
    for call in in_shared_thread, in_any_thread, by_asyncio:
        first, second = await asyncio.gather(call(), call())
        print(f"{call.__name__}: same thread: {first is second}")


if __name__ == "__main__":
    asyncio.run(main())
