"""Generators that wait, closed in time and left open."""

import asyncio
import contextlib


async def numbers(name):
    try:
        for number in range(5):
            await asyncio.sleep(0.001)
            yield number
    finally:
        print(name, "closed")


@contextlib.asynccontextmanager
async def resource():
    print("opened")
    try:
        yield "it"
    finally:
        await asyncio.sleep(0)
        print("released")


async def main():
    generator = numbers("first")
    if hasattr(contextlib, "aclosing"):
        async with contextlib.aclosing(generator):
            async for number in generator:
                if number == 2:
                    break
    async with resource() as it, contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(asyncio.sleep, 0)
        print(it)
    print(
        [n async for n in numbers("comprehended")],
        {n: n * n async for n in numbers("dict") if n % 2},
    )
    left = numbers("left open")
    print(await left.__anext__())


asyncio.run(main())
