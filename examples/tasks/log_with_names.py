"""A log that names the task behind each line."""

import asyncio


def log(text: str) -> None:
    task = asyncio.current_task()
    name = task.get_name() if task else "no task"
    print(f"{name:<8} {text}")


async def query(table: str, seconds: float) -> None:
    log(f"asks for {table}")
    await asyncio.sleep(seconds)
    log(f"has {table}")


async def main() -> None:
    asyncio.get_running_loop().call_later(0.1, log, "is called by the loop")
    async with asyncio.TaskGroup() as group:
        group.create_task(query("profiles", 0.2), name="Ada")
        group.create_task(query("orders", 0.3), name="Grace")
        await query("prices", 0.4)


if __name__ == "__main__":
    asyncio.run(main())
