"""What cProfile says about waiting and about blocking."""

import asyncio
import cProfile
import pstats
import time


async def fetch_price() -> None:
    await asyncio.sleep(1)
    await asyncio.sleep(1)


async def save_order() -> None:
    time.sleep(1)


async def main() -> None:
    await fetch_price()
    await save_order()


if __name__ == "__main__":
    profile = cProfile.Profile(time.perf_counter)
    profile.runcall(asyncio.run, main())
    functions = pstats.Stats(profile).get_stats_profile().func_profiles
    for name in ("main", "fetch_price", "save_order", "select"):
        entry = functions[name]
        print(
            f"{name:<12} calls: {entry.ncalls:<3} seconds: {entry.cumtime:.0f}"
        )
