"""How many times does the operating system have to switch threads?"""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import resource
import time
from threading import Thread


def switches() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw


def wait_in_a_thread() -> None:
    for _ in range(5):
        time.sleep(0.02)


async def wait_in_a_task() -> None:
    for _ in range(5):
        await asyncio.sleep(0.02)


async def main() -> None:
    before = switches()
    threads = [Thread(target=wait_in_a_thread) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with_threads, before = switches() - before, switches()
    await asyncio.gather(*(wait_in_a_task() for _ in range(100)))
    with_tasks = switches() - before
    print(
        "100 threads, 5 waits each, at least 500 switches:", with_threads >= 500
    )
    print("100 tasks, 5 waits each, at least 500 switches:", with_tasks >= 500)


if __name__ == "__main__":
    asyncio.run(main())
