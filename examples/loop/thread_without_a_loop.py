"""Two functions that fail in a thread without a loop."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import threading


def work() -> None:
    name = threading.current_thread().name
    for ask in (asyncio.get_running_loop, asyncio.get_event_loop):
        try:
            print(name, ask.__name__, "running:", ask().is_running())
        except RuntimeError as error:
            print(name, ask.__name__, "RuntimeError:", error)


async def main() -> None:
    threading.current_thread().name = "main thread"
    work()
    thread = threading.Thread(target=work, name="other thread")
    thread.start()
    thread.join()


if __name__ == "__main__":
    asyncio.run(main())
