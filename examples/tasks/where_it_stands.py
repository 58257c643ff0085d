"""Where a waiting task is in its code."""

import asyncio
import inspect


async def query(table: str) -> None:
    await asyncio.sleep(1)


async def load_orders() -> None:
    await query("orders")


async def main() -> None:
    orders = asyncio.create_task(load_orders())
    await asyncio.sleep(0.5)
    print(
        "get_stack():", [frame.f_code.co_name for frame in orders.get_stack()]
    )
    coroutine: object = orders.get_coro()
    while inspect.iscoroutine(coroutine):
        print("cr_await:", coroutine.__qualname__)
        coroutine = coroutine.cr_await
    await orders


if __name__ == "__main__":
    asyncio.run(main())
