"""Four links, one of which refuses: there is no report."""

import asyncio

DELAYS = {"docs": 0.3, "blog": 1.2, "shop": 0.5, "wiki": 0.8}


async def fetch(page: str) -> None:
    await asyncio.sleep(DELAYS[page])
    if page == "wiki":
        raise ConnectionError("refused")


async def check(page: str) -> str:
    await fetch(page)
    return f"{page}: ok"


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(check(p), name=p) for p in DELAYS]
    except* ConnectionError as errors:
        print("no report:", *errors.exceptions)
    else:
        print("\n".join(task.result() for task in tasks))


if __name__ == "__main__":
    asyncio.run(main())
