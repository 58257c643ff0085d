"""An error in a TaskGroup, which cancels the other task."""

import asyncio


async def fetch_orders() -> None:
    try:
        await asyncio.sleep(3)
        print("the orders arrived")
    except asyncio.CancelledError:
        print("the orders were cancelled")
        raise


async def check_login() -> None:
    await asyncio.sleep(0.2)
    print("the login was rejected")
    raise PermissionError("login rejected")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fetch_orders())
            group.create_task(check_login())
    except* PermissionError as group_error:
        print("main() gets:", group_error.exceptions)


if __name__ == "__main__":
    asyncio.run(main())
