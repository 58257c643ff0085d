# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp"]
# [tool.loopscope]
# clock = "real"
# ///

"""One session for all requests, and one for each request."""

import asyncio
import os

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

connections: set[asyncio.Transport | None] = set()


async def answer(request: web.Request) -> web.Response:
    connections.add(request.transport)
    return web.json_response(
        {"id": int(request.match_info["number"]), "completed": False}
    )


async def fetch_todo(session: ClientSession, number: int) -> None:
    async with session.get(f"/todos/{number}") as response:
        print(await response.json())


async def main() -> None:
    stand_in = web.Application()
    stand_in.router.add_get("/todos/{number}", answer)
    async with TestServer(stand_in) as server:
        address = os.environ.get("JSONPLACEHOLDER", str(server.make_url("/")))
        async with ClientSession(address) as session:
            for number in 1, 2, 3:
                await fetch_todo(session, number)
        print("one session, connections:", len(connections))
        connections.clear()
        for number in 1, 2, 3:
            async with ClientSession(address) as session:
                await fetch_todo(session, number)
        print("three sessions, connections:", len(connections))


if __name__ == "__main__":
    asyncio.run(main())
