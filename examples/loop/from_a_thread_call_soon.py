"""A message from a thread, sent with call_soon()."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import time


def boil(loop: asyncio.AbstractEventLoop, boiled: asyncio.Event) -> None:
    time.sleep(0.2)
    print("thread: the water is boiling")
    loop.call_soon(boiled.set)
    time.sleep(0.2)
    print("thread: the kettle is full again")
    time.sleep(0.4)


async def brew(boiled: asyncio.Event) -> None:
    await boiled.wait()
    print("loop: the tea is brewing")


async def main() -> None:
    loop, boiled = asyncio.get_running_loop(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(brew(boiled))
        group.create_task(asyncio.to_thread(boil, loop, boiled))


if __name__ == "__main__":
    asyncio.run(main())
