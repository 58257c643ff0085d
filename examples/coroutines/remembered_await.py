"""The same program with both awaits."""

import asyncio


async def send_report(orders: int) -> None:
    print("sending a report on", orders, "orders")


async def main() -> None:
    print("waiting for the last orders")
    await asyncio.sleep(2)
    await send_report(3)
    print("done")


if __name__ == "__main__":
    asyncio.run(main())
