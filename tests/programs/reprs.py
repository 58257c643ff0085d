"""Loop, task, future and handle as text."""

import asyncio


async def work():
    await asyncio.Event().wait()


async def main():
    loop = asyncio.get_running_loop()
    print(
        loop,
        type(loop).__name__,
        type(loop).__module__,
        isinstance(loop, asyncio.SelectorEventLoop),
    )
    task = asyncio.create_task(work(), name="named")
    print(task)
    await asyncio.sleep(0)
    print(task, loop.create_future(), loop.call_soon(print, "x"), sep="\n")
    print(repr(asyncio.current_task()), len(asyncio.all_tasks()))
    task.cancel("because")
    print(task)
    try:
        await task
    except asyncio.CancelledError as problem:
        print(repr(problem), task)


asyncio.run(main())
