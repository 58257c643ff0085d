"""Objects of one's own: awaitable, iterable, context manager."""

import asyncio


class Ticker:
    def __init__(self):
        self.left = 3

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        self.left -= 1
        await asyncio.sleep(0)
        return self.left

    def __await__(self):
        yield from asyncio.sleep(0.001, "awaited").__await__()
        return "own"

    def __getattr__(self, name):
        print("somebody asks for", name)
        raise AttributeError(name)


async def main():
    async for value in Ticker():
        print(value)
    print(await Ticker())
    asyncio.get_running_loop().call_soon(Ticker().__aiter__)
    print(await asyncio.gather(Ticker(), Ticker()))


asyncio.run(main())
