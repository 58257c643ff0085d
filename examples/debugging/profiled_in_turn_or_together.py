"""The loop's waiting time, with two fetches run one by one, then together."""

import asyncio
import cProfile
import pstats
import time
from collections.abc import Coroutine


async def fetch_price() -> None:
    await asyncio.sleep(1)


async def in_turn() -> None:
    await fetch_price()
    await fetch_price()


async def together() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch_price())
        group.create_task(fetch_price())


def seconds_in_select(program: Coroutine[None, None, None]) -> float:
    profile = cProfile.Profile(time.perf_counter)
    profile.runcall(asyncio.run, program)
    functions = pstats.Stats(profile).get_stats_profile().func_profiles
    return functions["select"].cumtime


if __name__ == "__main__":
    print(f"in turn:  {seconds_in_select(in_turn()):.0f} s in select")
    print(f"together: {seconds_in_select(together()):.0f} s in select")
