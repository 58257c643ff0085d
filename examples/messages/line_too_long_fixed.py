"""A limit that has room for the longest line."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import sys

PRINT = "print('x' * 1_000_000)"


async def main() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PRINT),
        stdout=asyncio.subprocess.PIPE,
        limit=2_000_000,
    )
    assert process.stdout is not None
    line = await process.stdout.readline()
    print(len(line), "bytes")
    await process.communicate()


if __name__ == "__main__":
    asyncio.run(main())
