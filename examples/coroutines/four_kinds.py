"""Four kinds of functions, and an await for each."""

import asyncio
from collections.abc import AsyncIterator, Iterator


def price() -> int:
    return 42


def prices() -> Iterator[int]:
    yield 42


async def fetch_price() -> int:
    return 42


async def watch_price() -> AsyncIterator[int]:
    yield 42


async def main() -> None:
    for function in (price, prices, fetch_price, watch_price):
        called = function()
        print(f"{function.__name__}() gives {type(called).__name__}")
        try:
            print("  await gives", await called)
        except TypeError as error:
            print("  TypeError:", error)


if __name__ == "__main__":
    asyncio.run(main())
