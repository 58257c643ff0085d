"""What gather() returns, before anyone awaits it."""

import asyncio


async def fetch_price(item: str) -> int:
    print("asking for the price of a", item)
    await asyncio.sleep(0.2)
    return {"lamp": 19, "chair": 45}[item]


async def main() -> None:
    prices = asyncio.gather(fetch_price("lamp"), fetch_price("chair"))
    print("a future:", isinstance(prices, asyncio.Future))
    print("a task:", isinstance(prices, asyncio.Task))
    print("unfinished tasks:", len(asyncio.all_tasks()))
    print(await prices)
    print("unfinished tasks:", len(asyncio.all_tasks()))


if __name__ == "__main__":
    asyncio.run(main())
