"""Leaves with a last word."""

import asyncio
import sys


async def main():
    await asyncio.sleep(0.001)
    raise SystemExit("that is all")


print("first")
asyncio.run(main())
