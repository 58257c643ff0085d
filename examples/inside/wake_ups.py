"""The callbacks a task uses to wake whatever is awaiting it."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    await asyncio.sleep(2)
    return {"lamp": 19}


async def shop(name: str, prices: asyncio.Task[dict[str, int]]) -> None:
    print(f"{name} finds", len(prices._callbacks or []), "in the list")
    await prices
    print(f"{name} is awake")


async def main() -> None:
    prices = asyncio.create_task(fetch_prices())
    async with asyncio.TaskGroup() as group:
        for name in ("Ada", "Grace", "Edsger"):
            group.create_task(shop(name, prices), name=name)
        await asyncio.sleep(1)
        for wake_up, _ in prices._callbacks:
            waiter = wake_up.__self__
            print(
                "after one second:", wake_up.__name__, "of", waiter.get_name()
            )
    print("at the end:", prices._callbacks)


if __name__ == "__main__":
    asyncio.run(main())
