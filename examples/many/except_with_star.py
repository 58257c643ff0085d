"""An except with a star, which looks inside the group."""

import asyncio


async def check_age(age: int) -> None:
    if age < 18:
        raise ValueError(f"{age} is too young")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check_age(12), name="age 12")
            group.create_task(check_age(40), name="age 40")
    except* ValueError as errors:
        for error in errors.exceptions:
            print("not accepted:", error)


if __name__ == "__main__":
    asyncio.run(main())
