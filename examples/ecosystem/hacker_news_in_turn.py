# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp"]
# [tool.loopscope]
# clock = "real"
# ///

"""Two stories from Hacker News, one after the other."""

import asyncio
import os

from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestServer

PATIENCE = ClientTimeout(total=5)
TITLES = {
    8863: "My YC app: Dropbox - Throw away your USB drive",
    121003: "Ask HN: The Arc Effect",
}


async def answer(request: web.Request) -> web.Response:
    await asyncio.sleep(0.5)
    number = int(request.match_info["number"])
    return web.json_response({"id": number, "title": TITLES[number]})


async def fetch_title(session: ClientSession, number: int) -> str:
    async with session.get(f"/v0/item/{number}.json") as response:
        response.raise_for_status()
        item = await response.json()
    return str(item["title"])


async def main() -> None:
    stand_in = web.Application()
    stand_in.router.add_get("/v0/item/{number}.json", answer)
    async with TestServer(stand_in) as server:
        address = os.environ.get("HACKER_NEWS", str(server.make_url("/")))
        async with ClientSession(address, timeout=PATIENCE) as session:
            print(await fetch_title(session, 8863))
            print(await fetch_title(session, 121003))


if __name__ == "__main__":
    asyncio.run(main())
