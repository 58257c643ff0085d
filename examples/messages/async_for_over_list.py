"""An async for over a list."""

import asyncio


async def check(page: str) -> None:
    await asyncio.sleep(0.5)
    print(page, "works")


async def main() -> None:
    pages = ["shop", "blog"]
    try:
        async for page in pages:
            await check(page)
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
