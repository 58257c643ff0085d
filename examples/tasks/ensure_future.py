"""A coroutine, a task and a future, passed to ensure_future()."""

import asyncio
from collections.abc import Awaitable


async def fetch_price() -> int:
    await asyncio.sleep(1)
    return 45


async def watch(source: Awaitable[int]) -> None:
    future = asyncio.ensure_future(source)
    given, got = type(source).__name__, type(future).__name__
    print(f"{given} gives {got}, the same object: {future is source}")
    print("price:", await future)


async def main() -> None:
    await watch(fetch_price())
    await watch(asyncio.create_task(fetch_price()))
    loop = asyncio.get_running_loop()
    letter = loop.create_future()
    loop.call_later(1, letter.set_result, 19)
    await watch(letter)


if __name__ == "__main__":
    asyncio.run(main())
