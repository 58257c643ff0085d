"""A group inside a group, and one handler for all the errors in it."""

import asyncio


async def check_age(age: int) -> None:
    if age < 18:
        raise ValueError(f"{age} is too young")


async def check_family(*ages: int) -> None:
    async with asyncio.TaskGroup() as group:
        for age in ages:
            group.create_task(check_age(age), name=f"age {age}")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check_family(12, 40, 15))
    except* ValueError as errors:
        print(repr(errors))


if __name__ == "__main__":
    asyncio.run(main())
