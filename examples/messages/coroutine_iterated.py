"""A loop over a coroutine."""

import asyncio


async def fetch_orders() -> list[int]:
    await asyncio.sleep(0.5)
    return [17, 18]


async def main() -> None:
    try:
        for order in fetch_orders():
            print("order", order)
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
