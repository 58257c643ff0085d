# /// script
# dependencies = ["uvloop"]
# [tool.loopscope]
# clock = "real"
# ///

"""A server and a client on uvloop's loop."""

import asyncio

import uvloop


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.write(b"hello, " + await reader.readline())
    writer.close()


async def main() -> None:
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"Ada\n")
        print((await reader.readline()).decode().strip())
        writer.close()
    usual = asyncio.new_event_loop()
    for loop in (asyncio.get_running_loop(), usual):
        print(type(loop).__module__)
        print(
            "  AbstractEventLoop:", isinstance(loop, asyncio.AbstractEventLoop)
        )
        print("  BaseEventLoop:", isinstance(loop, asyncio.BaseEventLoop))
    usual.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
