# /// script
# requires-python = ">=3.11"
# dependencies = ["aiosqlite"]
# [tool.loopscope]
# clock = "real"
# ///

"""Two customers, one lamp."""

import asyncio
import tempfile

import aiosqlite

LOOK = "SELECT number FROM stock WHERE item = 'lamp'"
WRITE = "UPDATE stock SET number = ? WHERE item = 'lamp'"
TAKE = "UPDATE stock SET number = number - 1 WHERE item = 'lamp' AND number > 0"


async def look_then_write(file: str) -> int:
    async with aiosqlite.connect(file) as shop:
        [[number]] = await shop.execute_fetchall(LOOK)
        if number == 0:
            return 0
        await asyncio.sleep(0.2)  # the customer pays
        await shop.execute(WRITE, (number - 1,))
        await shop.commit()
    return 1


async def take(file: str) -> int:
    async with aiosqlite.connect(file) as shop:
        async with shop.execute(TAKE) as cursor:
            taken = cursor.rowcount
        await shop.commit()
    return taken


async def main() -> None:
    for buy in look_then_write, take:
        with tempfile.TemporaryDirectory() as folder:
            file = f"{folder}/shop.sqlite"
            async with aiosqlite.connect(file) as shop:
                await shop.execute("CREATE TABLE stock (item, number)")
                await shop.execute("INSERT INTO stock VALUES ('lamp', 1)")
                await shop.commit()
                sold = await asyncio.gather(buy(file), buy(file))
                [[left]] = await shop.execute_fetchall(LOOK)
        print(f"{buy.__name__}: {sum(sold)} sold, {left} left")


if __name__ == "__main__":
    asyncio.run(main())
