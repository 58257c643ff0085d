"""Two tasks that await what they need."""

import asyncio


async def fetch(name: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    print(f"{name} is here")


async def page(name: str, seconds: float) -> None:
    await fetch(name, seconds)
    print(f"page {name} continues")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(page("tea", 0.1), name="tea")
        group.create_task(page("cake", 0.4), name="cake")


if __name__ == "__main__":
    asyncio.run(main())
