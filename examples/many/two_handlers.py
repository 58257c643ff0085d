"""Two errors in a group, and a handler for each."""

import asyncio


async def check_age(age: int) -> None:
    if age < 18:
        raise ValueError(f"{age} is too young")


async def check_country(country: str) -> None:
    if country not in {"Egypt", "Norway"}:
        raise LookupError(f"no delivery to {country}")


async def check_stock() -> None:
    await asyncio.sleep(0.5)
    print("the stock is checked")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check_age(12))
            group.create_task(check_country("Atlantis"))
            group.create_task(check_stock())
    except* LookupError as errors:
        print("LookupError:", errors.exceptions)
    except* ValueError as errors:
        print("ValueError:", errors.exceptions)
    print("main() continues")


if __name__ == "__main__":
    asyncio.run(main())
