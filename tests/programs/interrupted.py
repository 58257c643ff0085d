"""Ctrl-C while the loop runs."""

import asyncio
import os
import signal


async def main():
    asyncio.get_running_loop().call_later(0.02, os.kill, os.getpid(), signal.SIGINT)
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("cancelled by the interrupt")
        raise
    finally:
        print("finally")


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted")
