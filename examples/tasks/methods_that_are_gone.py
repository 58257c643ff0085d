"""Two Task methods that are gone."""

import asyncio


async def main() -> None:
    for name in ("all_tasks", "current_task"):
        try:
            print(getattr(asyncio.Task, name)())
        except AttributeError as error:
            print(error)
    for task in asyncio.all_tasks():
        print(
            task.get_name(),
            "is the current task:",
            task is asyncio.current_task(),
        )


if __name__ == "__main__":
    asyncio.run(main())
