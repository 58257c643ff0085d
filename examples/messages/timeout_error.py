"""A limit that's too short, and nobody expects it."""

# /// script
# [tool.loopscope]
# exit = {"3.11" = 1}
# ///

import asyncio


async def fetch_price() -> int:
    await asyncio.sleep(2)
    return 42


async def main() -> None:
    async with asyncio.timeout(1):
        print("price:", await fetch_price())


if __name__ == "__main__":
    asyncio.run(main())
