"""A task that nothing is awaiting yet."""

# /// script
# requires-python = ">=3.14"
# ///

import asyncio


async def query(table: str) -> str:
    await asyncio.sleep(0.5)
    if table == "orders":
        asyncio.print_call_graph(depth=2)
    return table


async def load_orders() -> str:
    return await query("orders")


async def show_page() -> None:
    orders = asyncio.create_task(load_orders(), name="orders")
    ads = asyncio.create_task(query("ads"), name="ads")
    await asyncio.sleep(1)
    print("the page shows", await orders, "and", await ads)


async def main() -> None:
    await asyncio.create_task(show_page(), name="page")


if __name__ == "__main__":
    asyncio.run(main())
