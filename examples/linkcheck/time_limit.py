"""A report on four links, none of which may take more than a second."""

import asyncio

DELAYS = {"docs": 0.3, "blog": 1.2, "shop": 0.5, "wiki": 0.8}


async def fetch(page: str) -> None:
    await asyncio.sleep(DELAYS[page])
    if page == "wiki":
        raise ConnectionError("refused")


async def check(page: str) -> str:
    try:
        async with asyncio.timeout(1):
            await fetch(page)
    except TimeoutError:
        return f"{page}: too slow"
    except ConnectionError as error:
        return f"{page}: {error}"
    return f"{page}: ok"


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(check(p), name=p) for p in DELAYS]
    print("\n".join(task.result() for task in tasks))


if __name__ == "__main__":
    asyncio.run(main())
