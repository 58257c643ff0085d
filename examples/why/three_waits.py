"""Three tasks that wait."""

import asyncio


async def fetch_photo(name: str) -> None:
    await asyncio.sleep(0.2)
    print(name, "is here")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        for name in ("beach", "forest", "harbor"):
            group.create_task(fetch_photo(name), name=name)


if __name__ == "__main__":
    asyncio.run(main())
