# /// script
# requires-python = ">=3.14"
# ///

"""The tasks that are waiting for another one, by name."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    await asyncio.sleep(2)
    return {"lamp": 19, "chair": 45, "carpet": 60}


async def show_price(
    item: str, prices: asyncio.Task[dict[str, int]]
) -> None:
    await prices


async def main() -> None:
    prices = asyncio.create_task(fetch_prices())
    async with asyncio.TaskGroup() as group:
        for item in ("lamp", "chair", "carpet"):
            group.create_task(show_price(item, prices), name=item)
        await asyncio.sleep(1)
        graph = asyncio.capture_call_graph(prices)
        print(
            "waiting:",
            sorted(waiter.future.get_name() for waiter in graph.awaited_by),
        )


if __name__ == "__main__":
    asyncio.run(main())
