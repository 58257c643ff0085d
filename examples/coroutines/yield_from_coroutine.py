"""yield from, in a plain generator."""

import asyncio
from collections.abc import Generator


def wait_for(thing: object) -> Generator[object, None, None]:
    yield from thing


async def main() -> None:
    price = asyncio.sleep(1, 42)
    try:
        next(wait_for(price))
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")
    print(await price)


if __name__ == "__main__":
    asyncio.run(main())
