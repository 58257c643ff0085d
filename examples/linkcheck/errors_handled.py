"""A report on four links, with the broken one in it."""

import asyncio

DELAYS = {"docs": 0.3, "blog": 1.2, "shop": 0.5, "wiki": 0.8}


async def fetch(page: str) -> None:
    await asyncio.sleep(DELAYS[page])
    if page == "wiki":
        raise ConnectionError("refused")


async def check(page: str) -> str:
    try:
        await fetch(page)
    except ConnectionError as error:
        return f"{page}: {error}"
    return f"{page}: ok"


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(check(p), name=p) for p in DELAYS]
    print("\n".join(task.result() for task in tasks))


if __name__ == "__main__":
    asyncio.run(main())
