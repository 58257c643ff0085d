"""A loop in one thread, a long sum in another."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


async def tick() -> list[float]:
    ticks = []
    for _ in range(80):
        await asyncio.sleep(0.01)
        ticks.append(time.perf_counter())
    return ticks


def run_a_loop() -> list[float]:
    return asyncio.run(tick())


def add_up() -> tuple[float, float]:
    start = time.perf_counter()
    sum(range(20_000_000))
    return start, time.perf_counter()


def main() -> None:
    with ThreadPoolExecutor(2) as pool:
        ticking = pool.submit(run_a_loop)
        time.sleep(0.1)
        start, end = pool.submit(add_up).result()
        meanwhile = [tick for tick in ticking.result() if start < tick < end]
        print("the loop kept ticking:", len(meanwhile) > 2)


if __name__ == "__main__":
    main()
