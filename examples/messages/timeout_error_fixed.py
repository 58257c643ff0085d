"""A limit that's too short, and main() expects it."""

import asyncio


async def fetch_price() -> int:
    await asyncio.sleep(2)
    return 42


async def main() -> None:
    try:
        async with asyncio.timeout(1):
            print("price:", await fetch_price())
    except TimeoutError:
        print("no price within a second")


if __name__ == "__main__":
    asyncio.run(main())
