"""Writing to a peer that has hung up."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


async def hang_up(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.transport.abort()


async def main() -> None:
    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(0.1)
    try:
        for number in range(17, 27):
            writer.write(b"order %d\n" % number)
            await writer.drain()
    except ConnectionResetError as error:
        print(type(error).__name__, error, sep=": ")
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
