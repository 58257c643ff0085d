"""A list, given to yield from and to await."""

import asyncio
from collections.abc import Iterable, Iterator


def each(prices: Iterable[int]) -> Iterator[int]:
    yield from prices


async def main() -> None:
    prices = [19, 45]
    print("yield from:", *each(prices))
    try:
        await prices
    except TypeError:
        print("await: TypeError")


if __name__ == "__main__":
    asyncio.run(main())
