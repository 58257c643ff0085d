# /// script
# requires-python = ">=3.11"
# dependencies = ["aiosqlite"]
# [tool.loopscope]
# clock = "real"
# ///

"""Two tasks, each with a connection of its own."""

import asyncio
import tempfile

import aiosqlite


async def pay(file: str) -> None:
    async with aiosqlite.connect(file) as database:
        await database.execute("INSERT INTO events VALUES ('payment')")
        await asyncio.sleep(0.2)
        await database.rollback()
        print("the bank says no; payment rolled back")


async def sign_up(file: str) -> None:
    await asyncio.sleep(0.05)
    async with aiosqlite.connect(file) as database:
        await database.execute("INSERT INTO events VALUES ('new customer')")
        print("new customer stored")
        await asyncio.sleep(0.3)
        await database.commit()
        print("new customer committed")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/shop.sqlite"
        async with aiosqlite.connect(file) as database:
            await database.execute("CREATE TABLE events (what TEXT)")
            async with asyncio.TaskGroup() as group:
                group.create_task(pay(file))
                group.create_task(sign_up(file))
            async with database.execute("SELECT what FROM events") as cursor:
                print("in the database:", await cursor.fetchall())


if __name__ == "__main__":
    asyncio.run(main())
