"""A lock that is given an event loop."""

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    try:
        lock = asyncio.Lock(loop=loop)
        print("locked:", lock.locked())
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
