"""One waiter who gives up, behind a shield."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    await asyncio.sleep(2)
    return {"lamp": 19, "chair": 45}


async def show_price(
    article: str, seconds: float, prices: asyncio.Task[dict[str, int]]
) -> None:
    try:
        async with asyncio.timeout(seconds):
            print(article, (await asyncio.shield(prices))[article])
    except TimeoutError:
        print(article, "is not shown, it took too long")
    except asyncio.CancelledError:
        print(
            article, "is not shown, the work is cancelled:", prices.cancelled()
        )
        raise


async def main() -> None:
    prices = asyncio.create_task(fetch_prices())
    async with asyncio.TaskGroup() as group:
        group.create_task(show_price("lamp", 1, prices), name="lamp")
        group.create_task(show_price("chair", 5, prices), name="chair")


if __name__ == "__main__":
    asyncio.run(main())
