"""A loop over a coroutine's result."""

import asyncio


async def fetch_orders() -> list[int]:
    await asyncio.sleep(0.5)
    return [17, 18]


async def main() -> None:
    for order in await fetch_orders():
        print("order", order)


if __name__ == "__main__":
    asyncio.run(main())
