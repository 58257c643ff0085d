"""The result is awaited before its item is taken."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    await asyncio.sleep(0.5)
    return {"lamp": 42, "desk": 90}


async def main() -> None:
    print("lamp:", (await fetch_prices())["lamp"])


if __name__ == "__main__":
    asyncio.run(main())
