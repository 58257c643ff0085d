"""One task_done() for each item, in a finally."""

import asyncio


async def pack(orders: asyncio.Queue[str]) -> None:
    while not orders.empty():
        order = await orders.get()
        try:
            if order == "lamp":
                print("out of lamps")
        finally:
            orders.task_done()


async def main() -> None:
    orders: asyncio.Queue[str] = asyncio.Queue()
    for order in ("desk", "lamp"):
        orders.put_nowait(order)
    await pack(orders)
    await orders.join()
    print("all marked")


if __name__ == "__main__":
    asyncio.run(main())
