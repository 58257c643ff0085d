"""A program that runs a sampling profiler on itself, with and without task awareness."""

# /// script
# requires-python = ">=3.15"
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import re
import subprocess
import sys

SAMPLER = [sys.executable, "-m", "profiling.sampling", "run"]


async def fetch_price() -> None:
    await asyncio.sleep(0.3)


async def shop() -> None:
    await asyncio.create_task(fetch_price(), name="price of tea")


def most_seen(*options: str) -> str:
    """Return the last four frames of the stack seen most often."""
    out = ["-r", "100", "--collapsed", "-o", "stacks.txt"]
    command = [*SAMPLER, *out, *options, __file__, "shop"]
    subprocess.run(command, capture_output=True, check=True)
    with open("stacks.txt") as stacks:
        stack = max(stacks, key=lambda line: int(line.split()[-1]))
    return " > ".join(re.findall(r"([^:;.]+):\d+", stack)[-4:])


if __name__ == "__main__":
    if sys.argv[1:] == ["shop"]:
        asyncio.run(shop())
    else:
        print("as is:      ", most_seen())
        print("async-aware:", most_seen("--async-aware", "--async-mode", "all"))
