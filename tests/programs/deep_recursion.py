"""A recursion without end, at the top and in a task."""

import asyncio


def down(depth):
    return down(depth + 1)


async def main():
    try:
        down(0)
    except RecursionError as problem:
        print(problem)


asyncio.run(main())
try:
    down(0)
except RecursionError as problem:
    depth = 0
    trace = problem.__traceback__
    while trace:
        depth, trace = depth + 1, trace.tb_next
    print(depth > 900)
