"""A session that async with closes."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp"]
# [tool.loopscope]
# clock = "real"
# ///

import asyncio

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer


async def answer(request: web.Request) -> web.Response:
    response = web.json_response({"id": int(request.match_info["number"])})
    response.force_close()
    return response


async def fetch_todo(address: str, number: int) -> None:
    async with (
        ClientSession(address) as session,
        session.get(f"/todos/{number}") as response,
    ):
        print(await response.json())


async def main() -> None:
    stand_in = web.Application()
    stand_in.router.add_get("/todos/{number}", answer)
    async with TestServer(stand_in) as server:
        await fetch_todo(str(server.make_url("/")), 1)
        print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
