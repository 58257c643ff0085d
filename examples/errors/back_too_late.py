"""A time limit of 0.1 seconds, and cleanup that takes 0.3."""

import asyncio


async def fetch_price() -> int:
    try:
        await asyncio.sleep(10)
        return 19
    finally:
        print("fetch_price() is logging out")
        await asyncio.sleep(0.3)
        print("fetch_price() logged out")


async def main() -> None:
    try:
        async with asyncio.timeout(0.1):
            print("price:", await fetch_price())
    except TimeoutError:
        print("main() continues without a price")


if __name__ == "__main__":
    asyncio.run(main())
