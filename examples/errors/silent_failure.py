"""A task that fails, and nobody asks about it."""

import asyncio


async def copy_orders() -> None:
    await asyncio.sleep(0.1)
    raise ConnectionError("the shop does not answer")


async def main() -> None:
    copying = asyncio.create_task(copy_orders())
    await asyncio.sleep(1)
    print("main() continues, the task is done:", copying.done())
    del copying
    print("main() let go of the task")
    await asyncio.sleep(1)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
