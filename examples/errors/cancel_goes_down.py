"""A task is cancelled while it is waiting for another."""

import asyncio


async def download() -> None:
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("download() was cancelled")
        raise


async def show_page(photo: asyncio.Task[None]) -> None:
    try:
        await photo
    except asyncio.CancelledError:
        print("show_page() is cancelled, download:", photo.cancelled())
        raise


async def main() -> None:
    photo = asyncio.create_task(download())
    page = asyncio.create_task(show_page(photo))
    await asyncio.sleep(1)
    print("cancel() returns", page.cancel())
    await asyncio.wait([page])
    print("a second cancel() returns", page.cancel())


if __name__ == "__main__":
    asyncio.run(main())
