"""A peer that hangs up, and a reader that expects it."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.write(b"ab")
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        print(await reader.readexactly(4))
    except asyncio.IncompleteReadError as error:
        print("the message ends early:", error.partial)
    writer.close()
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
