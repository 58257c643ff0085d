"""asyncio.gather() is given a list."""

import asyncio


async def fetch_price(item: str) -> str:
    await asyncio.sleep(0.2)
    return f"{item}: 42"


async def main() -> None:
    prices = [fetch_price("lamp"), fetch_price("desk")]
    try:
        print(await asyncio.gather(prices))
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")
        for price in prices:
            price.close()


if __name__ == "__main__":
    asyncio.run(main())
