"""A plain for over an async generator."""

import asyncio
from collections.abc import AsyncIterator


async def read_orders() -> AsyncIterator[int]:
    for number in (17, 18):
        await asyncio.sleep(0.5)
        yield number


async def main() -> None:
    try:
        for order in read_orders():
            print("order", order)
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
