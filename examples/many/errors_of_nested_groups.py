"""The errors of groups inside groups, one by one."""

import asyncio
from collections.abc import Iterator


async def check_age(age: int) -> None:
    if age < 18:
        raise ValueError(f"{age} is too young")


async def check_family(*ages: int) -> None:
    async with asyncio.TaskGroup() as group:
        for age in ages:
            group.create_task(check_age(age), name=f"age {age}")


def single_errors(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from single_errors(inner)
    else:
        yield error


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check_family(12, 40, 15))
    except* ValueError as errors:
        for error in single_errors(errors):
            print("not accepted:", error)


if __name__ == "__main__":
    asyncio.run(main())
