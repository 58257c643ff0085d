"""Two tasks in a TaskGroup."""

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
    async with asyncio.TaskGroup() as group:
        profile = group.create_task(fetch_profile())
        orders = group.create_task(fetch_orders())
    print(f"{profile.result()} has {orders.result()} orders")


if __name__ == "__main__":
    asyncio.run(main())
