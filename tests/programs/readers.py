# clock: real
"""A descriptor watched by the loop."""

import asyncio
import os


async def main():
    loop = asyncio.get_running_loop()
    read, write = os.pipe()
    print(read, write)
    arrived = loop.create_future()
    loop.add_reader(read, lambda: arrived.set_result(os.read(read, 100)))
    loop.call_later(0.01, os.write, write, b"hello")
    print(await arrived)
    print(loop.remove_reader(read), loop.remove_reader(read))


asyncio.run(main())
