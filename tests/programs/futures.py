"""Futures by hand, with callbacks."""

import asyncio


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    future.add_done_callback(lambda f: print("done", f.result()))
    loop.call_later(0.01, future.set_result, 42)
    print(await future, future)
    try:
        future.set_result(1)
    except asyncio.InvalidStateError as problem:
        print(repr(problem))
    broken = loop.create_future()
    broken.set_exception(RuntimeError("broken"))
    await broken


asyncio.run(main())
