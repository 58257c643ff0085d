"""Two wrong ways to use an async generator, and one right way."""

import asyncio
from collections.abc import AsyncIterator


async def read_orders() -> AsyncIterator[int]:
    for number in (17, 18, 19):
        await asyncio.sleep(0.5)
        yield number


async def main() -> None:
    orders = read_orders()
    try:
        await orders
    except TypeError as error:
        print("await:", error)
    try:
        for order in orders:
            print("order", order)
    except TypeError as error:
        print("for:", error)
    print("async for:", [order async for order in orders])


if __name__ == "__main__":
    asyncio.run(main())
