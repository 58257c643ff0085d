"""A task's result, before it has one."""

import asyncio


async def fetch_price() -> int:
    await asyncio.sleep(0.5)
    return 42


async def main() -> None:
    price = asyncio.create_task(fetch_price())
    try:
        print("price:", price.result())
    except asyncio.InvalidStateError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
