"""A group that gets new tasks while it is waiting."""

import asyncio

Details = list[asyncio.Task[str]]


async def fetch_details(order: int) -> str:
    await asyncio.sleep(0.2)
    print(f"order {order} arrived")
    return f"order {order}"


async def fetch_list(group: asyncio.TaskGroup, details: Details) -> None:
    await asyncio.sleep(0.3)
    for order in (7, 8):
        details.append(group.create_task(fetch_details(order), name=str(order)))
    print("the list arrived")


async def main() -> None:
    details: Details = []
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch_list(group, details))
        print("the block ends")
    print([task.result() for task in details])


if __name__ == "__main__":
    asyncio.run(main())
