"""Three prices, one after the other."""

import asyncio


async def fetch_price(shop: str, price: int) -> int:
    await asyncio.sleep(1)
    print(f"{shop}: {price}")
    return price


async def main() -> None:
    north = await fetch_price("north", 21)
    south = await fetch_price("south", 19)
    west = await fetch_price("west", 23)
    print("cheapest:", min(north, south, west))


if __name__ == "__main__":
    asyncio.run(main())
