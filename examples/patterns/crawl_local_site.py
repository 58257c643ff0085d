# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp"]
# [tool.loopscope]
# clock = "real"
# ///

"""A polite crawler, run against a website on this machine."""

import asyncio
import re
from contextlib import suppress
from urllib.robotparser import RobotFileParser

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestServer
from yarl import URL

AGENT = "TeaCrawler/1.0 (+https://tea.example/crawler)"
PATIENCE = ClientTimeout(total=0.5)
DELAY = 0.1

PAGES = {
    "/": '<a href="/teas"> <a href="/old-map"> <a href="/broken">'
    '<a href="/slow"> <a href="/moved"> <a href="/private">',
    "/teas": '<a href="/#top"> <a href="/green"> <a href="http://[teas">',
    "/green": '<a href="/teas"> <a href="https://ads.example/">',
}


async def serve(request: web.Request) -> web.Response:
    if request.path == "/robots.txt":
        return web.Response(text="User-agent: *\nDisallow: /private")
    if request.path == "/broken" and request.transport is not None:
        request.transport.abort()
    if request.path == "/slow":
        await asyncio.sleep(1)
    if request.path == "/moved":
        raise web.HTTPFound("https://ads.example/")
    if request.path not in PAGES:
        raise web.HTTPNotFound
    return web.Response(text=PAGES[request.path], content_type="text/html")


async def read_rules(session: ClientSession, site: URL) -> RobotFileParser:
    async with session.get(site.with_path("/robots.txt")) as response:
        text = await response.text() if response.ok else ""
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    return rules


async def fetch(session: ClientSession, url: URL) -> tuple[str, list[str]]:
    try:
        async with session.get(url, allow_redirects=False) as response:
            result, hrefs = str(response.status), []
            if location := response.headers.get("Location"):
                result, hrefs = f"redirects to {location}", [location]
            elif response.content_type == "text/html":
                html = await response.text(errors="replace")
                hrefs = re.findall(r'href="([^"#]+)', html)
            return result, hrefs
    except (ClientError, TimeoutError) as error:
        return type(error).__name__, []


async def crawl(session: ClientSession, site: URL) -> dict[URL, str]:
    rules = await read_rules(session, site)
    limit = asyncio.Semaphore(2)
    results: dict[URL, str] = {}

    def ask_for(url: URL) -> None:
        if url in results or url.authority != site.authority:
            return
        results[url] = "not allowed"
        if rules.can_fetch(AGENT, str(url)):
            group.create_task(visit(url), name=url.path)

    async def visit(url: URL) -> None:
        async with limit:
            results[url], hrefs = await fetch(session, url)
            await asyncio.sleep(DELAY)
        for href in hrefs:
            with suppress(ValueError):
                ask_for(url.join(URL(href)))

    async with asyncio.TaskGroup() as group:
        ask_for(site)
    return results


async def main() -> None:
    shop = web.Application()
    shop.router.add_get("/{path:.*}", serve)
    headers = {"User-Agent": AGENT}
    async with (
        TestServer(shop) as server,
        ClientSession(headers=headers, timeout=PATIENCE) as session,
    ):
        results = await crawl(session, server.make_url("/"))
    for url, result in results.items():
        print(f"{url.path:<9} {result}")


if __name__ == "__main__":
    asyncio.run(main())
