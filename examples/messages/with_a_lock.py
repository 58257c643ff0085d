"""A plain with for a lock."""

import asyncio


async def main() -> None:
    lock = asyncio.Lock()
    try:
        with lock:
            print("main() holds the lock")
    except (AttributeError, TypeError) as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
