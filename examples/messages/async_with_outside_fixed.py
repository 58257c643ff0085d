"""An async with inside an async def."""

import asyncio

prices = {"book": 12}
lock = asyncio.Lock()


async def main() -> None:
    async with lock:
        prices["book"] = 10
    print(prices)


if __name__ == "__main__":
    asyncio.run(main())
