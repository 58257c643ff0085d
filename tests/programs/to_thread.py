# clock: real
"""Blocking work in threads."""

import asyncio
import concurrent.futures
import threading
import time


def block(seconds):
    time.sleep(seconds)
    return threading.current_thread() is threading.main_thread()


async def main():
    print(await asyncio.gather(asyncio.to_thread(block, 0.01), asyncio.sleep(0.01, "slept")))
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, block, 0))
    with concurrent.futures.ThreadPoolExecutor(2, thread_name_prefix="pool") as pool:
        print(await loop.run_in_executor(pool, lambda: threading.current_thread().name))
    try:
        await asyncio.to_thread(int, "x")
    except ValueError as problem:
        print(problem)


asyncio.run(main())
