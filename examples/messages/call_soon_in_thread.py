"""A thread calls call_soon(), in debug mode."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


def print_labels(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.call_soon(print, "labels printed")
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


async def main() -> None:
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(print_labels, loop)
    await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(main(), debug=True)
