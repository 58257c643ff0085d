"""Two tasks, each awaited as soon as it is created."""

import asyncio


async def fetch_profile() -> str:
    await asyncio.sleep(0.3)
    return "Ada"


async def fetch_orders() -> int:
    await asyncio.sleep(0.2)
    return 7


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        name = await group.create_task(fetch_profile(), name="profile")
        orders = await group.create_task(fetch_orders(), name="orders")
    print(f"{name} has {orders} orders")


if __name__ == "__main__":
    asyncio.run(main())
