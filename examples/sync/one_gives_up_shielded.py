"""One waiter who gives up, behind a shield."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    await asyncio.sleep(2)
    return {"lamp": 19, "chair": 45}


async def show_price(
    item: str, seconds: float, prices: asyncio.Task[dict[str, int]]
) -> None:
    try:
        async with asyncio.timeout(seconds):
            print(item, (await asyncio.shield(prices))[item])
    except TimeoutError:
        print(item, "is not shown: it took too long")
    except asyncio.CancelledError:
        print(
            item, "is not shown, work cancelled:", prices.cancelled()
        )
        raise


async def main() -> None:
    prices = asyncio.create_task(fetch_prices())
    async with asyncio.TaskGroup() as group:
        group.create_task(show_price("lamp", 1, prices), name="lamp")
        group.create_task(show_price("chair", 5, prices), name="chair")


if __name__ == "__main__":
    asyncio.run(main())
