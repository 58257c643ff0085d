"""A coroutine for which a callback creates a task."""

import asyncio

background: set[asyncio.Task[None]] = set()


async def refresh() -> None:
    async with asyncio.timeout(1):
        print("refreshed")


def on_timer() -> None:
    background.add(asyncio.create_task(refresh()))


async def main() -> None:
    asyncio.get_running_loop().call_later(0.2, on_timer)
    await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(main())
