"""A running download, cancelled when the user closes the window."""

import asyncio


async def download(file: str) -> None:
    print(f"{file}: starts")
    try:
        await asyncio.sleep(10)
        print(f"{file}: complete")
    finally:
        print(f"{file}: cleans up")


async def main() -> None:
    task = asyncio.create_task(download("photos.zip"), name="download")
    await asyncio.sleep(1)
    print("the user closes the window")
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("the download is cancelled:", task.cancelled())


if __name__ == "__main__":
    asyncio.run(main())
