"""A thousand tasks that wait, and a thousand threads."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import time
from resource import RUSAGE_SELF, getrusage
from threading import Event, Thread


def memory() -> int:
    return getrusage(RUSAGE_SELF).ru_maxrss


async def with_tasks() -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(1_000):
            group.create_task(asyncio.sleep(0.3))


def with_threads() -> None:
    over = Event()
    threads = [Thread(target=over.wait) for _ in range(1_000)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    over.set()
    for thread in threads:
        thread.join()


def main() -> None:
    start, before = time.perf_counter(), memory()
    asyncio.run(with_tasks())
    print(
        "1,000 tasks, over in less than 30 seconds:",
        time.perf_counter() - start < 30,
    )
    by_tasks = memory() - before
    start, before = time.perf_counter(), memory()
    with_threads()
    print(
        "1,000 threads, over in less than 30 seconds:",
        time.perf_counter() - start < 30,
    )
    by_threads = memory() - before
    print(
        "the threads took over twice the memory of the tasks:",
        by_threads > 2 * by_tasks,
    )


if __name__ == "__main__":
    main()
