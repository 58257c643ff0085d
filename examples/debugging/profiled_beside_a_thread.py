"""What cProfile says when another thread is running Python code too."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import cProfile
import pstats
import time


def read_block() -> None:
    time.sleep(0.5)


def read_file() -> None:
    for _ in range(4):
        read_block()


async def save_order() -> None:
    await asyncio.sleep(0.7)
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        pass


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.to_thread(read_file))
        group.create_task(save_order())


if __name__ == "__main__":
    profile = cProfile.Profile()
    profile.runcall(asyncio.run, main())
    functions = pstats.Stats(profile).get_stats_profile().func_profiles
    print(f"save_order: {functions['save_order'].cumtime:.0f} s")
