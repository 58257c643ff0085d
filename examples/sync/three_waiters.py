"""Three who wait for one task."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    print("asking the shop")
    await asyncio.sleep(2)
    print("the shop has answered")
    return {"lamp": 19, "chair": 45, "carpet": 60}


async def show_price(
    article: str, prices: asyncio.Task[dict[str, int]]
) -> None:
    print("waiting for the price of the", article)
    print(article, (await prices)[article])


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        prices = group.create_task(fetch_prices())
        for article in ("lamp", "chair", "carpet"):
            group.create_task(show_price(article, prices), name=article)


if __name__ == "__main__":
    asyncio.run(main())
