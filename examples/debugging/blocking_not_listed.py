"""A blocking call that isn't on ruff's list."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import sqlite3

ORDERS = """WITH RECURSIVE orders(number) AS
(SELECT 1 UNION ALL SELECT number + 1 FROM orders WHERE number < 2000000)
SELECT count(*) FROM orders"""


async def count_orders() -> int:
    with sqlite3.connect(":memory:") as database:
        count: int = database.execute(ORDERS).fetchone()[0]
    return count


async def main() -> None:
    print(await count_orders(), "orders")


if __name__ == "__main__":
    asyncio.run(main())
