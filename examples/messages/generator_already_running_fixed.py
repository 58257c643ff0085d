"""The task in the async generator ends before it's closed."""

import asyncio
from collections.abc import AsyncGenerator


async def read_orders() -> AsyncGenerator[int, None]:
    for number in (17, 18):
        await asyncio.sleep(0.5)
        yield number


async def print_orders(orders: AsyncGenerator[int, None]) -> None:
    async for order in orders:
        print("order", order)


async def main() -> None:
    orders = read_orders()
    printing = asyncio.create_task(print_orders(orders))
    await asyncio.sleep(0.2)
    printing.cancel()
    await asyncio.wait([printing])
    await orders.aclose()
    print("closed")


if __name__ == "__main__":
    asyncio.run(main())
