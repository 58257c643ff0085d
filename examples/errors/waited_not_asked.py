"""A task that copies orders, and a main() that waits for it."""

import asyncio


async def copy_orders() -> None:
    await asyncio.sleep(0.1)
    raise ConnectionError("the shop does not answer")


async def main() -> None:
    copying = asyncio.create_task(copy_orders())
    await asyncio.wait([copying])
    print("main() waited, the task is done:", copying.done())
    print("main() says: all orders copied")


if __name__ == "__main__":
    asyncio.run(main())
