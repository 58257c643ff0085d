"""Two CPU jobs in two threads."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import time


def count_primes(limit: int) -> int:
    return sum(
        all(n % divisor for divisor in range(2, int(n**0.5) + 1))
        for n in range(2, limit)
    )


async def tick(ticks: list[float]) -> None:
    while True:
        await asyncio.sleep(0.01)
        ticks.append(time.perf_counter())


async def count_twice() -> list[int]:
    counts = (asyncio.to_thread(count_primes, 80_000) for _ in range(2))
    return await asyncio.gather(*counts)


async def main() -> None:
    ticks: list[float] = []
    ticking = asyncio.create_task(tick(ticks))
    await asyncio.sleep(0.05)
    before = len(ticks)
    print(await count_twice())
    meanwhile = len(ticks) - before
    ticking.cancel()
    print("the loop kept ticking:", meanwhile > 5)


if __name__ == "__main__":
    asyncio.run(main())
