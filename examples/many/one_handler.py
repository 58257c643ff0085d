"""Two errors in a group, and a handler for only one."""

import asyncio


async def check_age(age: int) -> None:
    if age < 18:
        raise ValueError(f"{age} is too young")


async def check_country(country: str) -> None:
    if country not in {"Egypt", "Norway"}:
        raise LookupError(f"no delivery to {country}")


async def check_order() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check_age(12))
            group.create_task(check_country("Atlantis"))
    except* LookupError as errors:
        print("LookupError:", errors.exceptions)
    print("the order is checked")


async def main() -> None:
    try:
        await check_order()
    except ExceptionGroup as rest:
        print("main() gets:", repr(rest))


if __name__ == "__main__":
    asyncio.run(main())
