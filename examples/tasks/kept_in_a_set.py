# /// script
# [tool.loopscope]
# clock = "real"
# ///

"""A background task that is kept in a set."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any

background: set[asyncio.Task[None]] = set()


async def serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await asyncio.sleep(0.4)
    writer.write(b"your order is ready\n")
    await writer.drain()
    writer.close()


async def listen(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    print("waiting for the shop")
    line = await reader.readline()
    print("the shop says:", line.decode().strip())
    writer.close()


def run_in_background(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    background.add(task)
    task.add_done_callback(background.discard)


async def main() -> None:
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as shop:
        run_in_background(listen(shop.sockets[0].getsockname()[1]))
        await asyncio.sleep(0.2)
        gc.collect()
        print("kept:", len(background))
        await asyncio.sleep(0.5)
    print("kept:", len(background))


if __name__ == "__main__":
    asyncio.run(main())
