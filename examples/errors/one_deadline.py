"""One deadline for three shops, queried one after another."""

import asyncio


async def fetch_price(shop: str, seconds: float) -> int:
    await asyncio.sleep(seconds)
    return 19


async def main() -> None:
    deadline = asyncio.get_running_loop().time() + 0.5
    for shop, seconds in (("Oslo", 0.3), ("Cairo", 0.4), ("Lisbon", 0.1)):
        try:
            async with asyncio.timeout_at(deadline):
                print(f"{shop}:", await fetch_price(shop, seconds))
        except TimeoutError:
            print(f"{shop}: too late")


if __name__ == "__main__":
    asyncio.run(main())
