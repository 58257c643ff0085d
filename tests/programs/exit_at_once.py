"""No clean-up at all."""

import asyncio
import atexit
import os

atexit.register(print, "not printed")


async def main():
    print("printed", flush=True)
    os._exit(7)


asyncio.run(main())
