"""Two servers on one port."""

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
    port = first.sockets[0].getsockname()[1]
    try:
        await asyncio.start_server(answer, "127.0.0.1", port)
    except OSError as error:
        # The port is another one in each run.
        text = str(error).replace(str(port), "…")
        print(type(error).__name__, text, sep=": ")
    first.close()


if __name__ == "__main__":
    asyncio.run(main())
