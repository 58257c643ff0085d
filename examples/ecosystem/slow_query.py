# /// script
# requires-python = ">=3.11"
# dependencies = ["aiosqlite"]
# [tool.loopscope]
# clock = "real"
# ///

"""A slow query, sent through sqlite3 and through aiosqlite."""

import asyncio
import sqlite3
import time

import aiosqlite


def checked(item: str) -> str:
    time.sleep(0.4)
    return f"{item}: checked"


async def tick() -> None:
    for number in range(3):
        print("tick", number)
        await asyncio.sleep(0.15)


async def ask_sqlite3() -> None:
    with sqlite3.connect(":memory:") as database:
        database.create_function("checked", 1, checked)
        print(database.execute("SELECT checked('lamp')").fetchone())


async def ask_aiosqlite() -> None:
    async with aiosqlite.connect(":memory:") as database:
        await database.create_function("checked", 1, checked)
        async with database.execute("SELECT checked('lamp')") as cursor:
            print(await cursor.fetchone())


async def main() -> None:
    for ask in ask_sqlite3, ask_aiosqlite:
        print(ask.__name__)
        async with asyncio.TaskGroup() as group:
            group.create_task(tick())
            group.create_task(ask())


if __name__ == "__main__":
    asyncio.run(main())
