"""A price that comes in time, and one that does not."""

import asyncio


async def fetch_price(item: str, seconds: float) -> int:
    print(f"{item}: requested")
    await asyncio.sleep(seconds)
    return 19


async def main() -> None:
    for item, seconds in (("tea", 0.3), ("cake", 5)):
        try:
            async with asyncio.timeout(1):
                print(f"{item}:", await fetch_price(item, seconds))
        except TimeoutError:
            print(f"{item}: no price in time")


if __name__ == "__main__":
    asyncio.run(main())
