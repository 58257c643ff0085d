"""An async generator is awaited."""

import asyncio
from collections.abc import AsyncIterator


async def read_orders() -> AsyncIterator[int]:
    for number in (17, 18):
        await asyncio.sleep(0.5)
        yield number


async def main() -> None:
    try:
        print(await read_orders())
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
