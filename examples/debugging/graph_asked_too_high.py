"""Asking for a task's call graph from the outside, in the wrong place."""

# /// script
# requires-python = ">=3.14"
# ///

import asyncio


async def load_orders() -> None:
    await asyncio.Event().wait()


async def show_page() -> None:
    await asyncio.create_task(load_orders(), name="orders")


async def main() -> None:
    page = asyncio.create_task(show_page(), name="page")
    await asyncio.sleep(2)
    print("the page is late:")
    asyncio.print_call_graph(page)


if __name__ == "__main__":
    asyncio.run(main())
