# /// script
# requires-python = ">=3.11"
# dependencies = ["aiosqlite"]
# [tool.loopscope]
# clock = "real"
# ///

"""Two tasks that share a transaction without knowing it."""

import asyncio

import aiosqlite


async def pay(database: aiosqlite.Connection) -> None:
    await database.execute("INSERT INTO events VALUES ('payment')")
    await asyncio.sleep(0.2)
    await database.rollback()
    print("the bank says no; payment rolled back")


async def sign_up(database: aiosqlite.Connection) -> None:
    await asyncio.sleep(0.05)
    await database.execute("INSERT INTO events VALUES ('new customer')")
    print("new customer stored")
    await asyncio.sleep(0.3)
    await database.commit()
    print("new customer committed")


async def main() -> None:
    async with aiosqlite.connect(":memory:") as database:
        await database.execute("CREATE TABLE events (what TEXT)")
        async with asyncio.TaskGroup() as group:
            group.create_task(pay(database))
            group.create_task(sign_up(database))
        async with database.execute("SELECT what FROM events") as cursor:
            print("in the database:", await cursor.fetchall())


if __name__ == "__main__":
    asyncio.run(main())
