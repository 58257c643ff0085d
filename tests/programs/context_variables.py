"""Each task has its own context."""

import asyncio
import contextvars

user = contextvars.ContextVar("user", default="nobody")


async def handle(name):
    user.set(name)
    await asyncio.sleep(0.001)
    print(user.get())


async def main():
    await asyncio.gather(handle("ann"), handle("bob"))
    print(user.get())
    context = contextvars.copy_context()
    context.run(user.set, "in context")
    asyncio.get_running_loop().call_soon(lambda: print(user.get()), context=context)
    await asyncio.sleep(0.001)


asyncio.run(main())
