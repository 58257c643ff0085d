"""Two coroutines, awaited one after the other."""

import asyncio


async def fetch_profile() -> str:
    await asyncio.sleep(0.3)
    print("the profile arrived")
    return "Ada"


async def fetch_orders() -> int:
    await asyncio.sleep(0.2)
    print("the orders arrived")
    return 7


async def main() -> None:
    name = await fetch_profile()
    orders = await fetch_orders()
    print(f"{name} has {orders} orders")


if __name__ == "__main__":
    asyncio.run(main())
