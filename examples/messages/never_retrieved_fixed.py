"""A task that fails, and main() asks."""

import asyncio


async def copy_orders() -> None:
    await asyncio.sleep(0.2)
    raise ConnectionError("the shop doesn't answer")


async def main() -> None:
    copying = asyncio.create_task(copy_orders())
    await asyncio.sleep(0.5)
    print("done:", copying.done())
    try:
        await copying
    except ConnectionError as error:
        print("not copied:", error)


if __name__ == "__main__":
    asyncio.run(main())
