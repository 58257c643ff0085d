"""Two counters that block: one awaited, one a task."""

import asyncio
import time


async def count(label: str) -> None:
    for number in range(3):
        print(f"{label}: {number}")
        time.sleep(0.5)


async def main() -> None:
    task = asyncio.create_task(count("task"))
    await count("awaited")
    print("main() is waiting for the task")
    await task


if __name__ == "__main__":
    asyncio.run(main())
