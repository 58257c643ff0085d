"""A crawler that's stopped by one bad page."""

import asyncio

SITE = {
    "/": ["/teas", "/old-map", "/cakes"],
    "/teas": ["/green"],
    "/cakes": ["/scones"],
}


async def fetch_links(path: str) -> list[str]:
    await asyncio.sleep(0.5)
    if path not in SITE:
        raise LookupError(f"{path}: not found")
    return SITE[path]


async def crawl(start: str) -> None:
    limit = asyncio.Semaphore(2)

    async def visit(path: str) -> None:
        async with limit:
            links = await fetch_links(path)
        print(f"{path}: visited")
        for link in links:
            group.create_task(visit(link), name=link)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(visit(start), name=start)
    except* LookupError as errors:
        print("the crawl ends:", errors.exceptions)


if __name__ == "__main__":
    asyncio.run(crawl("/"))
