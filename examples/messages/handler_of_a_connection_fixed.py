"""A server's handler that answers and closes whatever happens."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        number = int(await reader.readline())
        writer.write(b"order %d\n" % number)
    except ValueError:
        writer.write(b"that is no number\n")
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"seventeen\n")
    print((await reader.readline()).decode().strip())
    writer.close()
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
