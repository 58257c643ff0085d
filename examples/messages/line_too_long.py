"""A program that prints a line of a million characters."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import sys

PRINT = "print('x' * 1_000_000)"


async def main() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PRINT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
        print(len(line), "bytes")
    except ValueError as error:
        print(type(error).__name__, error, sep=": ")
        process.kill()
    await process.communicate()


if __name__ == "__main__":
    asyncio.run(main())
