"""Two prices, each of which can be looked up only once a number is known."""

import asyncio

NUMBERS = {"teapot": 71, "cup": 72}
PRICES = {71: 21, 72: 6}


async def find_number(item: str) -> int:
    await asyncio.sleep(1)
    return NUMBERS[item]


async def fetch_price(number: int) -> int:
    await asyncio.sleep(1)
    return PRICES[number]


async def look_up(item: str) -> None:
    number = await find_number(item)
    print(f"{item} has number {number}")
    price = await fetch_price(number)
    print(f"{item} costs {price}")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(look_up("teapot"), name="teapot")
        group.create_task(look_up("cup"), name="cup")


if __name__ == "__main__":
    asyncio.run(main())
