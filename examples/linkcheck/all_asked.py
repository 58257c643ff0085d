"""Four links, and a line once all of them have been requested."""

import asyncio

DELAYS = {"docs": 0.3, "blog": 1.2, "shop": 0.5, "wiki": 0.8}


async def check(page: str) -> None:
    print(f"{page}: asking")
    await asyncio.sleep(DELAYS[page])
    print(f"{page}: ok")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        for page in DELAYS:
            group.create_task(check(page), name=page)
        await asyncio.sleep(0)
        print("main(): all four have been requested")


if __name__ == "__main__":
    asyncio.run(main())
