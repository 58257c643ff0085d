"""A thread that hands a coroutine to main()'s loop."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
from threading import current_thread


async def brew(tea: str) -> str:
    await asyncio.sleep(0.2)
    return f"{tea} tea from {current_thread().name}"


def order(loop: asyncio.AbstractEventLoop) -> None:
    current_thread().name = "other thread"
    future = asyncio.run_coroutine_threadsafe(brew("green"), loop)
    print(current_thread().name, "gets", future.result())


async def main() -> None:
    current_thread().name = "main thread"
    await asyncio.to_thread(order, asyncio.get_running_loop())


if __name__ == "__main__":
    asyncio.run(main())
