"""next() with a default."""

import asyncio


async def find_lamp(prices: dict[str, int]) -> int | None:
    found = (price for item, price in prices.items() if item == "lamp")
    return next(found, None)


async def main() -> None:
    print(await find_lamp({"desk": 90}))


if __name__ == "__main__":
    asyncio.run(main())
