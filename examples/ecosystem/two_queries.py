# /// script
# requires-python = ">=3.11"
# dependencies = ["aiosqlite"]
# [tool.loopscope]
# clock = "real"
# ///

"""Two slow queries, over one connection and over two."""

import asyncio
import time

import aiosqlite


def checked(item: str) -> str:
    time.sleep(0.2)
    return f"{item}: checked"


async def ask(
    database: aiosqlite.Connection, item: str
) -> aiosqlite.Row | None:
    async with database.execute("SELECT checked(?)", (item,)) as cursor:
        return await cursor.fetchone()


async def main() -> None:
    connect = aiosqlite.connect
    async with connect(":memory:") as first, connect(":memory:") as second:
        await first.create_function("checked", 1, checked)
        await second.create_function("checked", 1, checked)
        print("begin")
        answers = await asyncio.gather(ask(first, "lamp"), ask(first, "chair"))
        print("one connection:", answers)
        answers = await asyncio.gather(ask(first, "lamp"), ask(second, "chair"))
        print("two connections:", answers)


if __name__ == "__main__":
    asyncio.run(main())
