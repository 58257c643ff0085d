"""An await that doesn't give another task a turn."""

import asyncio


async def send_report() -> None:
    print("the report starts")


async def add_up(prices: list[int]) -> int:
    return sum(prices)


async def main() -> None:
    report = asyncio.create_task(send_report())
    total = await add_up([3, 4, 5])
    print("the sum is", total)
    await asyncio.sleep(0)
    print("main() slept, the report is done:", report.done())


if __name__ == "__main__":
    asyncio.run(main())
