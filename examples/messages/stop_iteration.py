"""next() finds nothing, inside a coroutine."""

import asyncio


async def find_lamp(prices: dict[str, int]) -> int:
    return next(price for item, price in prices.items() if item == "lamp")


async def main() -> None:
    try:
        print(await find_lamp({"desk": 90}))
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
