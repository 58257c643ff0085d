"""A loop that leaves an async generator partway through."""

import asyncio
from collections.abc import AsyncGenerator


async def read_orders() -> AsyncGenerator[int, None]:
    print("file opened")
    try:
        for number in (17, 18, 19):
            await asyncio.sleep(0.5)
            yield number
    finally:
        print("file closed")


async def main() -> None:
    async for order in read_orders():
        print("first order:", order)
        break
    print("main() deletes the file")
    await asyncio.sleep(1)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
