"""A signal handler in the main thread's event loop."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import os
import signal
import threading


async def serve(stopped: threading.Event) -> None:
    await asyncio.to_thread(stopped.wait)
    print("served")


async def main() -> None:
    stopped = threading.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    thread = threading.Thread(target=asyncio.run, args=[serve(stopped)])
    thread.start()
    await asyncio.sleep(0.1)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.to_thread(thread.join)


if __name__ == "__main__":
    asyncio.run(main())
