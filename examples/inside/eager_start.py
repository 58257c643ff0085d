# /// script
# requires-python = ">=3.14"
# ///

"""One eager task among ordinary ones."""

import asyncio


async def fetch_price(item: str) -> None:
    print("asking the shop for the", item)
    await asyncio.sleep(1)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch_price("lamp"), name="lamp")
        group.create_task(fetch_price("chair"), name="chair", eager_start=True)
        print("main() created two tasks")


if __name__ == "__main__":
    asyncio.run(main())
