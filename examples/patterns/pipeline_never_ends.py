# /// script
# [tool.loopscope]
# exit = 124
# timeout = 3
# ///

"""A pipeline that sends one end marker to two savers."""

import asyncio

Orders = asyncio.Queue[int | None]


async def read(found: Orders) -> None:
    for order in range(1, 4):
        await asyncio.sleep(0.1)
        await found.put(order)
    await found.put(None)


async def save(found: Orders, saver: str) -> None:
    while (order := await found.get()) is not None:
        await asyncio.sleep(0.25)
        print(f"{saver} saved order {order}")
    print(f"{saver} goes home")


async def main() -> None:
    found = Orders(maxsize=1)
    async with asyncio.TaskGroup() as group:
        group.create_task(read(found))
        group.create_task(save(found, "Ada"), name="Ada")
        group.create_task(save(found, "Grace"), name="Grace")
    print("main() continues")


if __name__ == "__main__":
    asyncio.run(main())
