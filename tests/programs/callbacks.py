"""call_soon, call_later, call_at, and what is cancelled."""

import asyncio
import functools


async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0.02, print, "later")
    loop.call_at(loop.time() + 0.06, functools.partial(print, "at", end="!\n"))
    loop.call_soon(print, "soon")
    handle = loop.call_later(0.01, print, "never")
    handle.cancel()
    loop.call_soon_threadsafe(print, "threadsafe")
    print(handle.cancelled())
    await asyncio.sleep(0.1)


asyncio.run(main())
