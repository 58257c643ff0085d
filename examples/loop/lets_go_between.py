"""A task that computes, and lets go between photos."""

import asyncio
import time


def resize(photo: int) -> None:
    time.sleep(0.1)
    print("photo", photo, "has been resized")


async def resize_all() -> None:
    for photo in (1, 2, 3, 4, 5):
        resize(photo)
        await asyncio.sleep(0)


async def remind() -> None:
    await asyncio.sleep(0.05)
    print("the tea is ready")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(remind())
        group.create_task(resize_all())


if __name__ == "__main__":
    asyncio.run(main())
