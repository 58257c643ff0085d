"""A session that is opened, used and closed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def open_session(customer: str) -> AsyncIterator[str]:
    await asyncio.sleep(0.2)
    print(f"{customer}: logged in")
    try:
        yield f"session of {customer}"
    finally:
        await asyncio.sleep(0.3)
        print(f"{customer}: logged out")


async def main() -> None:
    async with open_session("Ada") as session:
        print("main() uses the", session)
    print("main() continues")


if __name__ == "__main__":
    asyncio.run(main())
