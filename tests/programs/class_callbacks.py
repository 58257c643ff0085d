"""Callables of all kinds given to the loop."""

import asyncio
import functools


class Loud:
    def __init__(self, name="made"):
        print("made", name)

    def __call__(self):
        print("called")

    @property
    def __self__(self):
        print("somebody looks")
        return 1

    def method(self, value):
        print("method", value)


async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(Loud, "class")
    loop.call_soon(Loud("object"))
    loop.call_soon(functools.partial(functools.partial(Loud.method, None), 5))
    loop.call_later(0.001, Loud("bound").method, 6)
    loop.call_soon(lambda: print("lambda"))
    loop.call_soon(len, "builtin")
    await asyncio.sleep(0.01)


asyncio.run(main())
