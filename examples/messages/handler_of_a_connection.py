"""A server's handler that raises an exception."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
from typing import Any


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    number = int(await reader.readline())
    writer.write(b"order %d\n" % number)


def report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    print(context["message"], repr(context["exception"]), sep="\n")


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(report)
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"seventeen\n")
    await asyncio.sleep(0.2)
    writer.close()
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
