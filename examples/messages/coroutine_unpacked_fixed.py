"""Two variables and a coroutine's result."""

import asyncio


async def fetch_range() -> tuple[int, int]:
    await asyncio.sleep(0.5)
    return 42, 90


async def main() -> None:
    lowest, highest = await fetch_range()
    print("from", lowest, "to", highest)


if __name__ == "__main__":
    asyncio.run(main())
