"""A call into C, in a thread."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import json
import time


async def tick(ticks: list[float]) -> None:
    while True:
        await asyncio.sleep(0.01)
        ticks.append(time.perf_counter())


def count_orders(answer: str) -> int:
    return len(json.loads(answer))


async def main() -> None:
    answer = "[" + "17, " * 2_000_000 + "17]"
    ticks: list[float] = []
    ticking = asyncio.create_task(tick(ticks))
    await asyncio.sleep(0.05)
    before = len(ticks)
    orders = await asyncio.to_thread(count_orders, answer)
    meanwhile = len(ticks) - before
    ticking.cancel()
    print(orders, "orders")
    print("the loop kept ticking:", meanwhile > 5)


if __name__ == "__main__":
    asyncio.run(main())
