"""Two variables and one coroutine."""

import asyncio


async def fetch_range() -> tuple[int, int]:
    await asyncio.sleep(0.5)
    return 42, 90


async def main() -> None:
    try:
        lowest, highest = fetch_range()
        print("from", lowest, "to", highest)
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
