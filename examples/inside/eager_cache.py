# /// script
# requires-python = ">=3.12"
# ///

"""Eager tasks, one of which never has to wait."""

import asyncio

CACHE = {"lamp": 19}


async def fetch_price(item: str) -> int:
    if item not in CACHE:
        print("asking the shop for the", item)
        await asyncio.sleep(1)
        CACHE[item] = 45
    return CACHE[item]


async def main() -> None:
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    lamp = asyncio.create_task(fetch_price("lamp"), name="lamp")
    print("lamp, done:", lamp.done())
    chair = asyncio.create_task(fetch_price("chair"), name="chair")
    print("chair, done:", chair.done())
    print("prices:", await lamp, await chair)


if __name__ == "__main__":
    asyncio.run(main())
