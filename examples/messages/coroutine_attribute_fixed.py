"""The result is awaited before its method is called."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    await asyncio.sleep(0.5)
    return {"lamp": 42, "desk": 90}


async def main() -> None:
    for item, price in (await fetch_prices()).items():
        print(item, price)


if __name__ == "__main__":
    asyncio.run(main())
