"""Things that cannot be awaited."""

import asyncio


def read_price() -> int:
    return 42


async def fetch_price() -> int:
    return 42


async def main() -> None:
    price = fetch_price()
    for thing in (read_price(), [price], fetch_price):
        try:
            await thing
        except TypeError as error:
            print(type(error).__name__, error, sep=": ")
    print(await price)


if __name__ == "__main__":
    asyncio.run(main())
