"""Looking inside a program deadlocked on two locks."""

# /// script
# requires-python = ">=3.14"
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import re
import subprocess
import sys


async def serve(first: asyncio.Lock, second: asyncio.Lock) -> None:
    async with first:
        await asyncio.sleep(0.05)
        async with second:
            print("served")


async def restaurant() -> None:
    stove, table = asyncio.Lock(), asyncio.Lock()
    asyncio.get_running_loop().call_later(0.3, print, "the restaurant is open")
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(stove, table), name="cook")
        group.create_task(serve(table, stove), name="waiter")


def look_inside_the_restaurant() -> None:
    python = [sys.executable, "-u"]
    child = subprocess.Popen(
        [*python, __file__, "restaurant"], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout
        print(child.stdout.readline().rstrip())
        tool = [*python, "-m", "asyncio", "pstree", str(child.pid)]
        seen = subprocess.run(
            tool, capture_output=True, text=True, check=True
        ).stdout
        print(re.sub(r" /\S*/(\w+\.py):\d+", r" \1", seen).rstrip())
        child.kill()


if __name__ == "__main__":
    if sys.argv[1:] == ["restaurant"]:
        asyncio.run(restaurant())
    else:
        look_inside_the_restaurant()
