# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp", "starlette", "uvicorn"]
# [tool.loopscope]
# clock = "real"
# ///

"""A plain view in Starlette, called for more and more visitors at once."""

import asyncio
import socket
import threading
import time

import uvicorn
from aiohttp import ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


def plain(request: Request) -> PlainTextResponse:
    time.sleep(0.5)
    return PlainTextResponse(str(threading.get_ident()))


async def ask(session: ClientSession) -> str:
    async with session.get("/plain") as response:
        return await response.text()


async def main() -> None:
    app = Starlette(routes=[Route("/plain", plain)])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as door:
        serving = asyncio.create_task(server.serve(sockets=[door]))
        host, port = door.getsockname()
        async with ClientSession(f"http://{host}:{port}") as session:
            for visitors in 20, 40, 60:
                asking = [ask(session) for _ in range(visitors)]
                threads = set(await asyncio.gather(*asking))
                print(f"{visitors} visitors, {len(threads)} threads")
        server.should_exit = True
        await serving


if __name__ == "__main__":
    asyncio.run(main())
