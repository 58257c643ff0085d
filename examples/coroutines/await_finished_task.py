"""A finished task, awaited while another one is ready."""

import asyncio


async def fetch_price() -> int:
    return 3


async def send_report() -> None:
    print("the report starts")


async def main() -> None:
    price = asyncio.create_task(fetch_price())
    await price
    report = asyncio.create_task(send_report())
    print("once more, the price is", await price)
    await report


if __name__ == "__main__":
    asyncio.run(main())
