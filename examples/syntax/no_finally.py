"""A session that isn't closed after an error."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def open_session(customer: str) -> AsyncIterator[str]:
    await asyncio.sleep(0.2)
    print(f"{customer}: logged in")
    yield f"session of {customer}"
    await asyncio.sleep(0.3)
    print(f"{customer}: logged out")


async def main() -> None:
    try:
        async with open_session("Ada") as session:
            print("main() uses the", session)
            raise LookupError("no such book")
    except LookupError as error:
        print("main() gets:", error)


if __name__ == "__main__":
    asyncio.run(main())
