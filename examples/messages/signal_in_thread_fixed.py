"""A signal handler in the main thread's event loop."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import os
import signal
import threading


def serve(stopped: threading.Event) -> None:
    stopped.wait()
    print("the thread stops")


async def main() -> None:
    stopped = threading.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    serving = asyncio.create_task(asyncio.to_thread(serve, stopped))
    await asyncio.sleep(0.1)
    os.kill(os.getpid(), signal.SIGTERM)
    await serving


if __name__ == "__main__":
    asyncio.run(main())
