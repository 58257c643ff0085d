# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp", "starlette", "uvicorn"]
# [tool.loopscope]
# clock = "real"
# ///

"""Three views in Starlette: one waits, two block."""

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


async def waits(request: Request) -> PlainTextResponse:
    await asyncio.sleep(0.2)
    return PlainTextResponse(f"waits in {threading.current_thread().name}")


async def blocks(request: Request) -> PlainTextResponse:
    time.sleep(0.2)
    return PlainTextResponse(f"blocks in {threading.current_thread().name}")


def plain(request: Request) -> PlainTextResponse:
    time.sleep(0.2)
    return PlainTextResponse(f"blocks in {threading.current_thread().name}")


async def ask(session: ClientSession, path: str) -> str:
    async with session.get(path) as response:
        return await response.text()


async def main() -> None:
    views = {"/waits": waits, "/blocks": blocks, "/plain": plain}
    app = Starlette(routes=[Route(path, view) for path, view in views.items()])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as door:
        serving = asyncio.create_task(server.serve(sockets=[door]))
        host, port = door.getsockname()
        async with ClientSession(f"http://{host}:{port}") as session:
            for path in views:
                asked = ask(session, path), ask(session, path)
                print(await asyncio.gather(*asked))
        server.should_exit = True
        await serving


if __name__ == "__main__":
    asyncio.run(main())
