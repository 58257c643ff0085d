"""A crawler that requests each page once, two at a time."""

import asyncio

SITE = {
    "/": ["/teas", "/cakes", "/about", "/teas"],
    "/teas": ["/", "/cakes", "/green"],
    "/cakes": ["/", "/teas", "/scones"],
    "/about": ["/", "/old-map"],
    "/green": ["/teas"],
    "/scones": ["/cakes", "/green"],
}


async def fetch_links(path: str) -> list[str]:
    await asyncio.sleep(0.5)
    if path not in SITE:
        raise LookupError("not found")
    return SITE[path]


async def crawl(start: str) -> None:
    limit = asyncio.Semaphore(2)
    seen = {start}

    async def visit(path: str) -> None:
        try:
            async with limit:
                links = await fetch_links(path)
        except LookupError as error:
            print(f"{path}: {error}")
            return
        new = [link for link in dict.fromkeys(links) if link not in seen]
        seen.update(new)
        print(f"{path}: new links: {new}")
        for link in new:
            group.create_task(visit(link), name=link)

    async with asyncio.TaskGroup() as group:
        group.create_task(visit(start), name=start)
    print(f"{len(seen)} pages requested")


if __name__ == "__main__":
    asyncio.run(crawl("/"))
