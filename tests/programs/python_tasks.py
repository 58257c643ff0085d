"""The tasks that are written in Python, from a factory of one's own."""

import asyncio
import asyncio.tasks


class Named(asyncio.tasks._PyTask):
    def __repr__(self):
        return f"<mine {self.get_name()}>"


def factory(loop, coro, **more):
    print("factory", coro.__name__)
    return Named(coro, loop=loop, **more)


async def work(seconds):
    await asyncio.sleep(seconds)
    return seconds


async def main():
    asyncio.get_running_loop().set_task_factory(factory)
    task = asyncio.create_task(work(0.01), name="python")
    print(task, await asyncio.gather(task, work(0.001)))
    task = asyncio.create_task(work("x"))
    await asyncio.wait([task])
    print(repr(task.exception()))


asyncio.run(main())
