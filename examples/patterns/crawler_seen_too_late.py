"""A crawler that marks a page as seen too late."""

import asyncio

SITE = {
    "/": ["/teas", "/cakes"],
    "/teas": ["/green"],
    "/cakes": ["/green"],
    "/green": [],
}


async def fetch_links(path: str) -> list[str]:
    print(f"requesting {path}")
    await asyncio.sleep(0.5)
    return SITE[path]


async def crawl(start: str) -> None:
    limit = asyncio.Semaphore(2)
    seen: set[str] = set()

    async def visit(path: str) -> None:
        async with limit:
            links = await fetch_links(path)
        seen.add(path)
        for link in links:
            if link not in seen:
                group.create_task(visit(link), name=link)

    async with asyncio.TaskGroup() as group:
        group.create_task(visit(start), name=start)
    print(f"{len(seen)} pages")


if __name__ == "__main__":
    asyncio.run(crawl("/"))
