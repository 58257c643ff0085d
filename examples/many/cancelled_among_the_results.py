"""Three shops, queried by gather() with return_exceptions."""

import asyncio


async def fetch_orders(shop: str, seconds: float) -> str:
    await asyncio.sleep(seconds)
    if shop == "Rome":
        raise ConnectionError("no line to Rome")
    return f"orders of {shop}"


async def main() -> None:
    oslo = asyncio.create_task(fetch_orders("Oslo", 0.2), name="Oslo")
    rome = asyncio.create_task(fetch_orders("Rome", 0.3), name="Rome")
    cairo = asyncio.create_task(fetch_orders("Cairo", 5), name="Cairo")
    await asyncio.sleep(0.1)
    cairo.cancel()
    tasks = oslo, rome, cairo
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            print("failed:", repr(result))
        else:
            print("received:", repr(result))


if __name__ == "__main__":
    asyncio.run(main())
