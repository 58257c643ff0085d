"""asyncio's own versions of two checks."""

import asyncio
from collections.abc import Iterator


def prices() -> Iterator[int]:
    yield 42


async def main() -> None:
    print("a coroutine function:", asyncio.iscoroutinefunction(main))
    print("a generator is a coroutine:", asyncio.iscoroutine(prices()))


if __name__ == "__main__":
    asyncio.run(main())
