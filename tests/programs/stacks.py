"""Stacks as a program sees them."""

import asyncio
import inspect
import sys
import traceback


async def deep():
    traceback.print_stack()
    print(len(traceback.extract_stack()) > 3)
    frame, names = sys._getframe(), []
    while frame:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    print(names[:4])
    await asyncio.sleep(0.001)


async def main():
    task = asyncio.create_task(deep())
    await asyncio.sleep(0)
    task.print_stack()
    print([frame.f_code.co_name for frame in task.get_stack()])
    print(inspect.getcoroutinestate(task.get_coro()), inspect.stack()[0].function)
    await task
    asyncio.get_running_loop().call_soon(traceback.print_stack)
    await asyncio.sleep(0.001)


asyncio.run(main())
