"""A task whose error is reported as soon as it is done."""

import asyncio

background: set[asyncio.Task[None]] = set()


async def copy_orders() -> None:
    await asyncio.sleep(0.1)
    raise ConnectionError("the shop does not answer")


def finish(task: asyncio.Task[None]) -> None:
    background.discard(task)
    if not task.cancelled() and task.exception():
        print("the copy failed:", task.exception())


async def main() -> None:
    copying = asyncio.create_task(copy_orders())
    background.add(copying)
    copying.add_done_callback(finish)
    await asyncio.sleep(1)
    print("main() returns, tasks in the set:", len(background))


if __name__ == "__main__":
    asyncio.run(main())
