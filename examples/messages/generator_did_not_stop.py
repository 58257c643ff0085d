"""A context manager that yields twice if its block fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def connection() -> AsyncIterator[str]:
    try:
        yield "first connection"
    except ConnectionError:
        yield "second connection"


async def main() -> None:
    try:
        async with connection() as link:
            print("using the", link)
            raise ConnectionError("the line is dead")
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
