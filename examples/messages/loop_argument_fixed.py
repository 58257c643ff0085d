"""A lock that finds the event loop itself."""

import asyncio


async def main() -> None:
    lock = asyncio.Lock()
    print("locked:", lock.locked())


if __name__ == "__main__":
    asyncio.run(main())
