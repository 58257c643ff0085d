"""Four tasks, each described without raising anything."""

import asyncio

PRICES = {"lamp": 19, "chair": 45}


async def fetch_price(item: str, seconds: float) -> int:
    await asyncio.sleep(seconds)
    return PRICES[item]


def describe(task: asyncio.Task[int]) -> str:
    if not task.done():
        return "not done"
    if task.cancelled():
        return "cancelled"
    error = task.exception()
    if error is not None:
        return f"failed with {error!r}"
    return f"returned {task.result()}"


async def main() -> None:
    chair = asyncio.create_task(fetch_price("chair", 0.2), name="chair")
    carpet = asyncio.create_task(fetch_price("carpet", 0.3), name="carpet")
    lamp = asyncio.create_task(fetch_price("lamp", 5), name="lamp")
    slow = asyncio.create_task(fetch_price("lamp", 10), name="slow lamp")
    await asyncio.sleep(0.5)
    slow.cancel()
    await asyncio.sleep(0.5)
    for task in (chair, carpet, lamp, slow):
        print(f"{task.get_name()}: {describe(task)}")


if __name__ == "__main__":
    asyncio.run(main())
