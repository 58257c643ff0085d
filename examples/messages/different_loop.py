"""A task of one loop, awaited in another."""

import asyncio


async def download() -> str:
    await asyncio.sleep(0.5)
    return "12 orders"


async def start() -> asyncio.Task[str]:
    return asyncio.create_task(download())


async def main(orders: asyncio.Task[str]) -> None:
    try:
        print(await orders)
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    with asyncio.Runner() as runner:
        orders = runner.run(start())
        asyncio.run(main(orders))
