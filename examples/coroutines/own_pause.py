"""A pause made by hand."""

import asyncio
import types
from collections.abc import Generator


@types.coroutine
def pause() -> Generator[None, None, None]:
    yield


async def count(label: str) -> None:
    for number in range(3):
        print(f"{label}: {number}")
        await pause()


async def main() -> None:
    task = asyncio.create_task(count("task"))
    await count("awaited")
    print("main() is waiting for the task")
    await task


if __name__ == "__main__":
    asyncio.run(main())
