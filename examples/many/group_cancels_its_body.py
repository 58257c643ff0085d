"""A group whose own block sleeps while a login is being checked."""

import asyncio


async def check_login() -> None:
    await asyncio.sleep(0.4)
    raise PermissionError("login rejected")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check_login())
            await asyncio.sleep(2)
            print("the block ended")
    except* PermissionError as errors:
        print("main() gets:", errors.exceptions)
    print("main() continues")


if __name__ == "__main__":
    asyncio.run(main())
