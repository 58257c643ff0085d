"""An async __init__."""

import asyncio


class Shop:
    async def __init__(self) -> None:
        await asyncio.sleep(0.5)
        self.prices = {"lamp": 42}


async def main() -> None:
    try:
        print(Shop().prices)
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
