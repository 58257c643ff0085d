"""A thread calls call_soon_threadsafe(), in debug mode."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


def print_labels(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_soon_threadsafe(print, "labels printed")


async def main() -> None:
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(print_labels, loop)
    await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(main(), debug=True)
