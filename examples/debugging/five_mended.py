"""The same program, fixed."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


async def fetch_price(name: str) -> int:
    await asyncio.sleep(0.1)
    return len(name)


def read_title() -> str:
    with open(__file__) as file:
        return file.readline().strip('"\n')


def report(price: int) -> None:
    print("the price is", price)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch_price("bread"))
        await asyncio.sleep(0.3)
        report(await fetch_price("tea"))
        print(await asyncio.to_thread(read_title))


if __name__ == "__main__":
    asyncio.run(main())
