# clock: real
"""A signal handled by the loop."""

import asyncio
import os
import signal


async def main():
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, stop.set)
    loop.call_later(0.01, os.kill, os.getpid(), signal.SIGUSR1)
    await stop.wait()
    print("stopped", loop.remove_signal_handler(signal.SIGUSR1))


asyncio.run(main())
