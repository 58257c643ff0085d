"""A task's result, once it has one."""

import asyncio


async def fetch_price() -> int:
    await asyncio.sleep(0.5)
    return 42


async def main() -> None:
    price = asyncio.create_task(fetch_price())
    print("price:", await price)


if __name__ == "__main__":
    asyncio.run(main())
