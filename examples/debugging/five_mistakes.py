"""A program with five mistakes."""

import asyncio
import time


async def fetch_price(name: str) -> int:
    time.sleep(0.1)
    return len(name)


async def read_title() -> str:
    with open(__file__) as file:
        return file.readline().strip('"\n')


def report(price: int) -> None:
    print("the price is", price)


async def main() -> None:
    asyncio.create_task(fetch_price("bread"))
    asyncio.sleep(1)
    report(fetch_price("tea"))
    print(await read_title())


if __name__ == "__main__":
    asyncio.run(main())
