# clock: real
"""An echo server and its client."""

import asyncio


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()
    await writer.wait_closed()
    print("client gone")


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for word in (b"one\n", b"two\n"):
            writer.write(word)
            print(await reader.readline())
        print(writer.get_extra_info("socket").fileno())
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.01)


asyncio.run(main())
