"""Four links, checked and counted."""

import asyncio

DELAYS = {"docs": 0.3, "blog": 1.2, "shop": 0.5, "wiki": 0.8}


async def check(page: str) -> bool:
    await asyncio.sleep(DELAYS[page])
    return page != "wiki"


async def main() -> None:
    working = 0
    for page in DELAYS:
        if await check(page):
            working += 1
    print(working, "of", len(DELAYS), "links work")


if __name__ == "__main__":
    asyncio.run(main())
