"""An async with for a lock."""

import asyncio


async def main() -> None:
    lock = asyncio.Lock()
    async with lock:
        print("main() holds the lock")


if __name__ == "__main__":
    asyncio.run(main())
