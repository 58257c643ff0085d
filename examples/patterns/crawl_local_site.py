# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp"]
# [tool.loopscope]
# clock = "real"
# ///

"""The crawler, against a web site on this machine."""

import asyncio
import re

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

PAGES = {
    "/": '<a href="/teas"> <a href="/old-map"> <a href="https://ads.example/">',
    "/teas": '<a href="/"> <a href="/green">',
    "/green": '<a href="/teas">',
}


async def serve(request: web.Request) -> web.Response:
    await asyncio.sleep(0.1)
    if request.path not in PAGES:
        raise web.HTTPNotFound
    return web.Response(text=PAGES[request.path], content_type="text/html")


async def crawl(session: ClientSession) -> dict[str, int]:
    limit = asyncio.Semaphore(2)
    statuses = {"/": 0}

    async def visit(path: str) -> None:
        async with limit, session.get(path) as response:
            statuses[path] = response.status
            html = await response.text()
        for link in re.findall(r'href="(/[\w-]*)"', html):
            if link not in statuses:
                statuses[link] = 0
                group.create_task(visit(link), name=link)

    async with asyncio.TaskGroup() as group:
        group.create_task(visit("/"), name="/")
    return statuses


async def main() -> None:
    site = web.Application()
    site.router.add_get("/{path:.*}", serve)
    async with (
        TestServer(site) as server,
        ClientSession(server.make_url("/")) as session,
    ):
        print(await crawl(session))


if __name__ == "__main__":
    asyncio.run(main())
