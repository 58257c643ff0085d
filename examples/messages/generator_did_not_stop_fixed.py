"""A context manager that yields once and lets the error out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def connection(name: str) -> AsyncIterator[str]:
    yield name


async def main() -> None:
    for name in ("first connection", "second connection"):
        try:
            async with connection(name) as link:
                print("using the", link)
                if name == "first connection":
                    raise ConnectionError("the line is dead")
                break
        except ConnectionError as error:
            print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
