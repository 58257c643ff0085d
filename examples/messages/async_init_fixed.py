"""An async function that makes the object."""

import asyncio


class Shop:
    def __init__(self, prices: dict[str, int]) -> None:
        self.prices = prices


async def open_shop() -> Shop:
    await asyncio.sleep(0.5)
    return Shop({"lamp": 42})


async def main() -> None:
    print((await open_shop()).prices)


if __name__ == "__main__":
    asyncio.run(main())
