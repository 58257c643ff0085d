# /// script
# requires-python = ">=3.11"
# [tool.loopscope]
# clock = "real"
# ///

"""An endless crawl, stopped by Ctrl+C."""

import asyncio
import signal


async def fetch_links(day: int) -> list[int]:
    await asyncio.sleep(0.2)
    return [day + 1, day + 2]


async def crawl(start: int, visited: list[int]) -> None:
    limit = asyncio.Semaphore(2)
    seen = {start}

    async def visit(day: int) -> None:
        async with limit:
            links = await fetch_links(day)
        visited.append(day)
        new = [link for link in links if link not in seen]
        seen.update(new)
        for link in new:
            group.create_task(visit(link), name=f"day {link}")

    async with asyncio.TaskGroup() as group:
        group.create_task(visit(start), name=f"day {start}")


async def main() -> None:
    asyncio.get_running_loop().call_later(
        0.5, signal.raise_signal, signal.SIGINT
    )
    visited: list[int] = []
    try:
        await crawl(1, visited)
    finally:
        print("visited:", visited)
        print("tasks left:", len(asyncio.all_tasks()) - 1)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        print("stopped by Ctrl+C")
