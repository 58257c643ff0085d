"""Three tasks, each awaited before the next one is created."""

import asyncio


async def fetch_price(shop: str, price: int) -> int:
    await asyncio.sleep(1)
    print(f"{shop}: {price}")
    return price


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        north = await group.create_task(fetch_price("north", 21), name="north")
        south = await group.create_task(fetch_price("south", 19), name="south")
        west = await group.create_task(fetch_price("west", 23), name="west")
    print("cheapest:", min(north, south, west))


if __name__ == "__main__":
    asyncio.run(main())
