# /// script
# requires-python = ">=3.12"
# ///

"""One eager task on Python 3.12 and 3.13."""

import asyncio


async def fetch_price(item: str) -> None:
    print("asking the shop for the", item)
    await asyncio.sleep(1)


async def main() -> None:
    loop = asyncio.get_running_loop()
    lamp = asyncio.create_task(fetch_price("lamp"), name="lamp")
    chair = asyncio.Task(
        fetch_price("chair"), loop=loop, name="chair", eager_start=True
    )
    print("main() created two tasks")
    await lamp
    await chair


if __name__ == "__main__":
    asyncio.run(main())
