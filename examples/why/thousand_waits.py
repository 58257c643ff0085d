"""A thousand tasks that wait, and a thousand threads."""

# /// script
# [tool.loopscope]
# clock = "real"
# threads = 1_100
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
    took, by_tasks = time.perf_counter() - start, memory() - before
    print("1,000 tasks, done in less than 30 seconds:", took < 30)
    start, before = time.perf_counter(), memory()
    with_threads()
    took, by_threads = time.perf_counter() - start, memory() - before
    print("1,000 threads, done in less than 30 seconds:", took < 30)
    far_more = by_threads > 2 * by_tasks
    print("the threads used over twice as much memory as the tasks:", far_more)


if __name__ == "__main__":
    main()
