# /// script
# requires-python = ">=3.13"
# ///

"""A pipeline that ends by shutting its queue down."""

import asyncio


async def read(found: asyncio.Queue[int]) -> None:
    for order in range(1, 4):
        await asyncio.sleep(0.1)
        await found.put(order)
    found.shutdown()


async def save(found: asyncio.Queue[int], saver: str) -> None:
    try:
        while True:
            order = await found.get()
            await asyncio.sleep(0.25)
            print(f"{saver} saved order {order}")
    except asyncio.QueueShutDown:
        print(f"{saver} goes home")


async def main() -> None:
    found = asyncio.Queue[int](maxsize=1)
    async with asyncio.TaskGroup() as group:
        group.create_task(read(found))
        group.create_task(save(found, "Ada"), name="Ada")
        group.create_task(save(found, "Grace"), name="Grace")
    print("main() continues")


if __name__ == "__main__":
    asyncio.run(main())
