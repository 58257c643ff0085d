"""A callback that fails, before and after a handler of one's own is set."""

import asyncio


def fail():
    raise ZeroDivisionError("in a callback")


async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(fail)
    await asyncio.sleep(0)
    loop.set_exception_handler(
        lambda loop, context: print("handled", context["message"][:30], repr(context["exception"]))
    )
    loop.call_soon(fail)
    await asyncio.sleep(0.01)


asyncio.run(main())
