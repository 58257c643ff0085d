"""stdout is closed, and somebody prints."""

import asyncio
import sys


async def main():
    print("open")
    sys.stdout.close()
    try:
        print("closed")
    except ValueError as problem:
        print(problem, file=sys.stderr)
    await asyncio.sleep(0.001)


asyncio.run(main())
