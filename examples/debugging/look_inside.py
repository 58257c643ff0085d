"""Looking inside a running program with pstree."""

# /// script
# requires-python = ">=3.14"
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import re
import subprocess
import sys


async def fetch_price(name: str) -> None:
    await asyncio.sleep(30)


async def fill() -> None:
    async with asyncio.TaskGroup() as group:
        for name in ("tea", "bread"):
            group.create_task(fetch_price(name), name=f"price of {name}")


async def shop() -> None:
    basket = asyncio.create_task(fill(), name="basket")
    asyncio.get_running_loop().call_later(0.1, print, "the shop is open")
    await basket


def look_inside_the_shop() -> None:
    python = [sys.executable, "-u"]
    child = subprocess.Popen(
        [*python, __file__, "shop"], stdout=subprocess.PIPE, text=True
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
    asyncio.run(shop()) if sys.argv[1:] == ["shop"] else look_inside_the_shop()
