"""A task's list of callbacks, with nobody waiting and with three."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    await asyncio.sleep(2)
    return {"lamp": 19, "chair": 45, "carpet": 60}


def count_waiters(when: str, prices: asyncio.Task[dict[str, int]]) -> None:
    print(f"{when:<18} {len(prices._callbacks or [])}")


async def show_price(
    item: str, prices: asyncio.Task[dict[str, int]]
) -> None:
    count_waiters("before the " + item, prices)
    await prices


async def main() -> None:
    coroutine = fetch_prices()
    print("the coroutine has a list:", hasattr(coroutine, "_callbacks"))
    prices = asyncio.create_task(coroutine)
    async with asyncio.TaskGroup() as group:
        for item in ("lamp", "chair", "carpet"):
            group.create_task(show_price(item, prices), name=item)
        await asyncio.sleep(1)
        count_waiters("all three waiting", prices)
    count_waiters("the task is done", prices)


if __name__ == "__main__":
    asyncio.run(main())
