"""How many requests a task counts after a group that failed."""

import asyncio


async def check_login() -> None:
    await asyncio.sleep(0.4)
    raise PermissionError("login rejected")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check_login())
    except* PermissionError:
        print("login rejected")
    me = asyncio.current_task()
    print("requests:", me.cancelling() if me else "no task")


if __name__ == "__main__":
    asyncio.run(main())
