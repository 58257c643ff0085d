"""A worker that stops when its queue is shut down."""

# /// script
# requires-python = ">=3.13"
# ///

import asyncio


async def pack(orders: asyncio.Queue[str]) -> None:
    while True:
        try:
            print("packing", await orders.get())
        except asyncio.QueueShutDown:
            break


async def main() -> None:
    orders: asyncio.Queue[str] = asyncio.Queue()
    orders.put_nowait("lamp")
    orders.shutdown()
    await pack(orders)


if __name__ == "__main__":
    asyncio.run(main())
