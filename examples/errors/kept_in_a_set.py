"""A failed task that stays in a set."""

import asyncio

background: set[asyncio.Task[None]] = set()


async def copy_orders() -> None:
    await asyncio.sleep(0.1)
    raise ConnectionError("the shop does not answer")


async def main() -> None:
    background.add(asyncio.create_task(copy_orders()))
    await asyncio.sleep(1)
    print("main() returns, tasks in the set:", len(background))


if __name__ == "__main__":
    asyncio.run(main())
    print("asyncio.run() returns")
    background.clear()
    print("the set is empty")
