"""The first connection commits before the second one writes."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["aiosqlite"]
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import sqlite3
import tempfile
from pathlib import Path

import aiosqlite

ADD = "INSERT INTO orders VALUES (?)"


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "shop.db")
        async with (
            aiosqlite.connect(file) as first,
            aiosqlite.connect(file, timeout=0.1) as second,
        ):
            await first.execute("CREATE TABLE orders (number INTEGER)")
            await first.execute(ADD, [17])
            await first.commit()
            try:
                await second.execute(ADD, [18])
                await second.commit()
                print("both orders added")
            except sqlite3.OperationalError as error:
                print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
