"""A traceback through awaits and a decorator."""

import asyncio
import functools


def logged(function):
    @functools.wraps(function)
    async def wrapper(*args):
        return await function(*args)

    return wrapper


@logged
async def inner(value):
    await asyncio.sleep(0.001)
    return 1 / value


async def main():
    try:
        await inner("x")
    except TypeError:
        await asyncio.create_task(inner(0))


if __name__ == "__main__":
    asyncio.run(main())
