"""A cancelled task is awaited."""

# /// script
# [tool.loopscope]
# exit = 1
# ///

import asyncio


async def download() -> None:
    await asyncio.sleep(2)
    print("downloaded")


async def main() -> None:
    downloading = asyncio.create_task(download())
    await asyncio.sleep(1)
    downloading.cancel()
    await downloading
    print("main() goes on")


if __name__ == "__main__":
    asyncio.run(main())
