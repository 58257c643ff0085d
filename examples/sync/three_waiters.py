"""Three tasks that wait for a fourth."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    print("asking the shop")
    await asyncio.sleep(2)
    print("the shop answered")
    return {"lamp": 19, "chair": 45, "carpet": 60}


async def show_price(
    item: str, prices: asyncio.Task[dict[str, int]]
) -> None:
    print("waiting for the price of the", item)
    print(item, (await prices)[item])


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        prices = group.create_task(fetch_prices())
        for item in ("lamp", "chair", "carpet"):
            group.create_task(show_price(item, prices), name=item)


if __name__ == "__main__":
    asyncio.run(main())
