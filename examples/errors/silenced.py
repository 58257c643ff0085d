"""Two failed tasks, and no message about either."""

import asyncio


async def copy_orders() -> None:
    await asyncio.sleep(0.1)
    raise ConnectionError("the shop does not answer")


async def main() -> None:
    copying = asyncio.create_task(copy_orders(), name="cancelled late")
    await asyncio.sleep(1)
    print("cancel() returns", copying.cancel())
    del copying
    print("main() let go of the task")

    copying = asyncio.create_task(copy_orders(), name="waited for")
    tasks = [copying, asyncio.create_task(asyncio.sleep(1), name="other")]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    print("wait() returned")
    del copying, tasks
    print("main() let go of this task too")


if __name__ == "__main__":
    asyncio.run(main())
