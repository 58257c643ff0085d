"""A plain for over a list."""

import asyncio


async def check(page: str) -> None:
    await asyncio.sleep(0.5)
    print(page, "works")


async def main() -> None:
    pages = ["shop", "blog"]
    for page in pages:
        await check(page)


if __name__ == "__main__":
    asyncio.run(main())
