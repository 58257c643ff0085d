"""A signal handler in a thread's event loop."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import signal
import threading


async def serve() -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGTERM, loop.stop)
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")
    await asyncio.sleep(0.1)
    print("served")


def main() -> None:
    thread = threading.Thread(target=asyncio.run, args=[serve()])
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
