"""Listing the tasks that are not done."""

import asyncio


async def fetch(what: str, seconds: float) -> str:
    await asyncio.sleep(seconds)
    return what


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch("ads", 1))
        group.create_task(fetch("orders", 1), name="orders")
        group.create_task(fetch("profile", 0.2), name="profile")
        await asyncio.sleep(0.5)
        for name in sorted(task.get_name() for task in asyncio.all_tasks()):
            print(name)


if __name__ == "__main__":
    asyncio.run(main())
