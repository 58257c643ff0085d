"""A coroutine that a callback runs by hand."""

import asyncio


async def refresh() -> None:
    async with asyncio.timeout(1):
        print("refreshed")


def on_timer() -> None:
    try:
        refresh().send(None)
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


async def main() -> None:
    asyncio.get_running_loop().call_later(0.2, on_timer)
    await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(main())
