"""A worker that doesn't know how a queue ends."""

# /// script
# [tool.loopscope]
# exit = 1
# ///

import asyncio


async def pack(orders: asyncio.Queue[str]) -> None:
    while True:
        print("packing", await orders.get())


async def main() -> None:
    orders: asyncio.Queue[str] = asyncio.Queue()
    orders.put_nowait("lamp")
    orders.shutdown()
    await pack(orders)


if __name__ == "__main__":
    asyncio.run(main())
