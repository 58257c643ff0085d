"""A lock that's released once, by async with."""

import asyncio


async def print_label(printer: asyncio.Lock, item: str) -> None:
    async with printer:
        print("label for", item)


async def main() -> None:
    await print_label(asyncio.Lock(), "chair")


if __name__ == "__main__":
    asyncio.run(main())
