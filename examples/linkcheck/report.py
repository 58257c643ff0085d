"""A report on four links, in the order of the list."""

import asyncio

DELAYS = {"docs": 0.3, "blog": 1.2, "shop": 0.5, "wiki": 0.8}


async def check(page: str) -> str:
    await asyncio.sleep(DELAYS[page])
    return f"{page}: ok"


async def main() -> None:
    report = await asyncio.gather(*[check(page) for page in DELAYS])
    print("\n".join(report))


if __name__ == "__main__":
    asyncio.run(main())
