"""Two prices, awaited one after the other."""

import asyncio


async def fetch_price(item: str, price: int) -> int:
    print(f"{item}: requested")
    await asyncio.sleep(1)
    print(f"{item}: {price}")
    return price


async def main() -> None:
    tea = await fetch_price("tea", 3)
    cake = await fetch_price("cake", 4)
    print("total:", tea + cake)


if __name__ == "__main__":
    asyncio.run(main())
