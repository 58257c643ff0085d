"""Two servers on two ports."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.close()


async def main() -> None:
    first = await asyncio.start_server(answer, "127.0.0.1", 0)
    second = await asyncio.start_server(answer, "127.0.0.1", 0)
    ports = {
        server.sockets[0].getsockname()[1] for server in (first, second)
    }
    print("ports:", len(ports))
    first.close()
    second.close()


if __name__ == "__main__":
    asyncio.run(main())
