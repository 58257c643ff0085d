"""Two CPU jobs in two processes."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import multiprocessing
import time
from concurrent.futures import Executor, ProcessPoolExecutor


def count_primes(limit: int) -> int:
    return sum(
        all(n % divisor for divisor in range(2, int(n**0.5) + 1))
        for n in range(2, limit)
    )


async def tick(ticks: list[float]) -> None:
    while True:
        await asyncio.sleep(0.01)
        ticks.append(time.perf_counter())


async def count_twice(pool: Executor, limit: int) -> list[int]:
    loop = asyncio.get_running_loop()
    return await asyncio.gather(
        *(loop.run_in_executor(pool, count_primes, limit) for _ in range(2))
    )


async def main() -> None:
    ticks: list[float] = []
    with ProcessPoolExecutor(2) as pool:
        await count_twice(pool, 10)
        ticking = asyncio.create_task(tick(ticks))
        await asyncio.sleep(0.05)
        before = len(ticks)
        print(await count_twice(pool, 80_000))
        meanwhile = len(ticks) - before
        ticking.cancel()
        print("the loop kept ticking:", meanwhile > 5)
        print("processes besides ours:", len(multiprocessing.active_children()))


if __name__ == "__main__":
    asyncio.run(main())
