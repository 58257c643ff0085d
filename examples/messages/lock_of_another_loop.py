"""A lock that two event loops fight over."""

import asyncio

printer = asyncio.Lock()


async def print_label(item: str) -> None:
    async with printer:
        await asyncio.sleep(0.2)
        print("label for", item)


async def main() -> None:
    try:
        await asyncio.gather(print_label("chair"), print_label("desk"))
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
    asyncio.run(main())
