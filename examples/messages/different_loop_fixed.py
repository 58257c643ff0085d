"""A task of a loop, awaited in the same one."""

import asyncio


async def download() -> str:
    await asyncio.sleep(0.5)
    return "12 orders"


async def start() -> asyncio.Task[str]:
    return asyncio.create_task(download())


async def main(orders: asyncio.Task[str]) -> None:
    print(await orders)


if __name__ == "__main__":
    with asyncio.Runner() as runner:
        orders = runner.run(start())
        runner.run(main(orders))
