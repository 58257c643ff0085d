"""A method of a coroutine, where one of its result was meant."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    await asyncio.sleep(0.5)
    return {"lamp": 42, "desk": 90}


async def main() -> None:
    try:
        for item, price in fetch_prices().items():
            print(item, price)
    except AttributeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
