"""The link checker over real connections, with a small server beside it."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio

DELAYS = {"docs": 0.3, "blog": 1.2, "shop": 0.5, "wiki": 0.8}


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    request = await reader.readline()
    page = request.split()[1].decode().strip("/")
    await asyncio.sleep(DELAYS[page])
    status = "503 Service Unavailable" if page == "wiki" else "200 OK"
    writer.write(f"HTTP/1.0 {status}\r\n\r\n".encode())
    writer.close()


async def fetch(page: str, port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET /{page} HTTP/1.0\r\n\r\n".encode())
        status = await reader.readline()
        if b"200 OK" not in status:
            raise ConnectionError(status.decode("ascii", "replace").strip())
    finally:
        writer.close()


async def check(page: str, port: int) -> str:
    try:
        async with asyncio.timeout(1):
            await fetch(page, port)
    except TimeoutError:
        return f"{page}: too slow"
    except OSError as error:
        return f"{page}: {error}"
    return f"{page}: ok"


async def worker(queue: asyncio.Queue[str | None], port: int) -> None:
    while (page := await queue.get()) is not None:
        print(await check(page, port))


async def main() -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=2)
    async with server, asyncio.TaskGroup() as group:
        for name in ("first", "second"):
            group.create_task(worker(queue, port), name=name)
        for page in DELAYS:
            await queue.put(page)
        for _ in range(2):
            await queue.put(None)


if __name__ == "__main__":
    asyncio.run(main())
