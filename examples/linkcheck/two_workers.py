"""Two workers share four links, with a limit of one second per link."""

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
    except OSError as error:
        return f"{page}: {error}"
    return f"{page}: ok"


async def worker(queue: asyncio.Queue[str | None]) -> None:
    while (page := await queue.get()) is not None:
        print(await check(page))


async def main() -> None:
    queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=2)
    async with asyncio.TaskGroup() as group:
        for name in ("first", "second"):
            group.create_task(worker(queue), name=name)
        for page in DELAYS:
            await queue.put(page)
        for _ in range(2):
            await queue.put(None)


if __name__ == "__main__":
    asyncio.run(main())
