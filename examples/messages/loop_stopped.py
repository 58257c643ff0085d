"""A loop that's stopped before main() has returned."""

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.call_later(0.5, loop.stop)
    await asyncio.sleep(60)
    print("main() returns")


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")
