"""A price that comes in time, and one that does not."""

import asyncio


async def fetch_price(article: str, seconds: float) -> int:
    print(f"{article}: asked for")
    await asyncio.sleep(seconds)
    return 19


async def main() -> None:
    for article, seconds in (("tea", 0.3), ("cake", 5)):
        try:
            async with asyncio.timeout(1):
                print(f"{article}:", await fetch_price(article, seconds))
        except TimeoutError:
            print(f"{article}: no price in time")


if __name__ == "__main__":
    asyncio.run(main())
