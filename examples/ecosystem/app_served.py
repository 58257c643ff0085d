# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp", "uvicorn"]
# [tool.loopscope]
# clock = "real"
# ///

"""An ASGI application, served by uvicorn."""

import asyncio
import socket
from typing import Any

import uvicorn
from aiohttp import ClientSession


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    print("called for", scope["type"])
    assert scope["type"] == "http"
    await asyncio.sleep(0.3)
    body = f"You asked for {scope['path']}.".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def ask(session: ClientSession, path: str) -> bytes:
    async with session.get(path) as response:
        return await response.read()


async def main() -> None:
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as door:
        serving = asyncio.create_task(server.serve(sockets=[door]))
        host, port = door.getsockname()
        async with ClientSession(f"http://{host}:{port}") as session:
            asked = ask(session, "/teas"), ask(session, "/cakes")
            print(await asyncio.gather(*asked))
        server.should_exit = True
        await serving


if __name__ == "__main__":
    asyncio.run(main())
