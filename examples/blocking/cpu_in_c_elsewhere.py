"""The same call into C, in a process."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import json
import time
from concurrent.futures import ProcessPoolExecutor


async def tick(ticks: list[float]) -> None:
    while True:
        await asyncio.sleep(0.01)
        ticks.append(time.perf_counter())


def count_orders(answer: str) -> int:
    return len(json.loads(answer))


async def main() -> None:
    answer = "[" + "17, " * 2_000_000 + "17]"
    ticks: list[float] = []
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1) as pool:
        await loop.run_in_executor(pool, count_orders, "[]")
        ticking = asyncio.create_task(tick(ticks))
        await asyncio.sleep(0.05)
        before = len(ticks)
        orders = await loop.run_in_executor(pool, count_orders, answer)
        meanwhile = len(ticks) - before
        ticking.cancel()
        print(orders, "orders")
        print("the loop kept ticking:", meanwhile > 5)


if __name__ == "__main__":
    asyncio.run(main())
