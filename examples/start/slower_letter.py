"""Two downloads, and the letter is the slower one."""

import asyncio


async def download(file: str, seconds: float) -> None:
    print(f"{file}: requested")
    await asyncio.sleep(seconds)
    print(f"{file}: complete")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(download("photos.zip", 1.5))
        group.create_task(download("letter.pdf", 2.0))
    print("both have arrived")


if __name__ == "__main__":
    asyncio.run(main())
