"""An ASGI application, called by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Message = dict[str, Any]


async def app(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    await asyncio.sleep(0.3)
    body = f"You asked for {scope['path']}.".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def receive() -> Message:
    return {"type": "http.request", "body": b""}


async def send(message: Message) -> None:
    print(message)


async def main() -> None:
    await app({"type": "http", "method": "GET", "path": "/teas"}, receive, send)


if __name__ == "__main__":
    asyncio.run(main())
