"""Two counters that sleep for no time: one awaited, one a task."""

import asyncio


async def count(label: str) -> None:
    for number in range(3):
        print(f"{label}: {number}")
        await asyncio.sleep(0)


async def main() -> None:
    task = asyncio.create_task(count("task"))
    await count("awaited")
    print("main() is waiting for the task")
    await task


if __name__ == "__main__":
    asyncio.run(main())
