"""task_done() for an item that was marked already."""

import asyncio


async def pack(orders: asyncio.Queue[str]) -> None:
    while not orders.empty():
        order = await orders.get()
        if order == "lamp":
            print("out of lamps")
            orders.task_done()
        orders.task_done()


async def main() -> None:
    orders: asyncio.Queue[str] = asyncio.Queue()
    for order in ("desk", "lamp"):
        orders.put_nowait(order)
    try:
        await pack(orders)
    except ValueError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
