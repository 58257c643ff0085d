"""Four links, checked by tasks that main() is waiting for."""

import asyncio

DELAYS = {"docs": 0.3, "blog": 1.2, "shop": 0.5, "wiki": 0.8}


async def check(page: str) -> None:
    print(f"{page}: asking")
    await asyncio.sleep(DELAYS[page])
    print(f"{page}: ok")


async def main() -> None:
    tasks = [asyncio.create_task(check(page), name=page) for page in DELAYS]
    for task in tasks:
        await task


if __name__ == "__main__":
    asyncio.run(main())
