"""Tasks that return, block, fail and are cancelled."""

import asyncio
import time


async def fetch_profile() -> str:
    await asyncio.sleep(0.6)
    return "Ada"


async def resize_photo() -> None:
    await asyncio.sleep(0.2)
    time.sleep(0.3)
    print("photo resized, and nobody else could work in the meantime")


async def charge_card() -> None:
    await asyncio.sleep(0.1)
    raise ValueError("card expired")


async def watch_inbox() -> None:
    while True:
        await asyncio.sleep(0.4)
        print("inbox checked")


async def main() -> None:
    inbox = asyncio.create_task(watch_inbox())
    work = [fetch_profile(), resize_photo(), charge_card()]
    results = await asyncio.gather(*work, return_exceptions=True)
    inbox.cancel()
    print(results)


if __name__ == "__main__":
    asyncio.run(main())
