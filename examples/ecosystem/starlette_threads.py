# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp", "starlette", "uvicorn"]
# [tool.loopscope]
# clock = "real"
# ///

"""A plain view in Starlette, asked forty times, then once more."""

import asyncio
import socket
import time

import uvicorn
from aiohttp import ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


def plain(request: Request) -> PlainTextResponse:
    time.sleep(1)
    return PlainTextResponse("ready")


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
            for visitors in 40, 41:
                start = time.perf_counter()
                await asyncio.gather(*[ask(session) for _ in range(visitors)])
                seconds = int(time.perf_counter() - start)
                print(f"{visitors} visitors, whole seconds: {seconds}")
        server.should_exit = True
        await serving


if __name__ == "__main__":
    asyncio.run(main())
