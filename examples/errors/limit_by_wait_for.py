"""The same time limit, written two ways."""

import asyncio


async def fetch_price(shop: str) -> int:
    await asyncio.sleep(0.1 if shop == "corner shop" else 10)
    return 19


async def with_wait_for(shop: str) -> int:
    return await asyncio.wait_for(fetch_price(shop), timeout=0.5)


async def with_timeout(shop: str) -> int:
    async with asyncio.timeout(0.5):
        return await fetch_price(shop)


async def main() -> None:
    for ask in (with_wait_for, with_timeout):
        for shop in ("corner shop", "web shop"):
            try:
                print(f"{ask.__name__}(), {shop}:", await ask(shop))
            except TimeoutError:
                print(f"{ask.__name__}(), {shop}: too slow")


if __name__ == "__main__":
    asyncio.run(main())
