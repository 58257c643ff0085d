# /// script
# [tool.loopscope]
# clock = "real"
# ///

"""A background task that belongs to a group."""

import asyncio
import gc


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


async def main() -> None:
    shop = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with shop, asyncio.TaskGroup() as group:
        group.create_task(listen(shop.sockets[0].getsockname()[1]))
        await asyncio.sleep(0.2)
        gc.collect()
        print("main() has nothing else to do")
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
