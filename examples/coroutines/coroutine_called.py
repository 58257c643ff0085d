"""A coroutine, called as if it were a function."""

import asyncio


async def fetch_price() -> int:
    return 42


async def main() -> None:
    price = fetch_price()
    try:
        print(await price())
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")
    print(await price)


if __name__ == "__main__":
    asyncio.run(main())
