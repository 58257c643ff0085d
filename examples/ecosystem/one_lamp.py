# /// script
# requires-python = ">=3.11"
# dependencies = ["aiosqlite"]
# [tool.loopscope]
# clock = "real"
# ///

"""Two customers, one lamp."""

import asyncio

import aiosqlite

LOOK = "SELECT number FROM stock WHERE item = 'lamp'"
WRITE = "UPDATE stock SET number = ? WHERE item = 'lamp'"
TAKE = "UPDATE stock SET number = number - 1 WHERE item = 'lamp' AND number > 0"


async def look_then_write(shop: aiosqlite.Connection, customer: str) -> None:
    async with shop.execute(LOOK) as cursor:
        [number] = await cursor.fetchone()
    if number > 0:
        await shop.execute(WRITE, (number - 1,))
        print(f"{customer} has bought a lamp")


async def take(shop: aiosqlite.Connection, customer: str) -> None:
    async with shop.execute(TAKE) as cursor:
        print(f"{customer} has bought {cursor.rowcount}")


async def main() -> None:
    for buy in look_then_write, take:
        print(buy.__name__)
        async with aiosqlite.connect(":memory:") as shop:
            await shop.execute("CREATE TABLE stock (item TEXT, number INTEGER)")
            await shop.execute("INSERT INTO stock VALUES ('lamp', 1)")
            async with asyncio.TaskGroup() as group:
                group.create_task(buy(shop, "Ada"))
                group.create_task(buy(shop, "Grace"))


if __name__ == "__main__":
    asyncio.run(main())
