"""A with statement that should be an async with."""

import asyncio


async def main() -> None:
    lock = asyncio.Lock()
    try:
        with lock:
            print("main() holds the lock")
    except TypeError as error:
        print("TypeError:", error)


if __name__ == "__main__":
    asyncio.run(main())
