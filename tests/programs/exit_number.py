"""Leaves in the middle, with a status."""

import asyncio
import sys


async def main():
    try:
        await asyncio.sleep(0.001)
        sys.exit(3)
    finally:
        print("finally")


asyncio.run(main())
