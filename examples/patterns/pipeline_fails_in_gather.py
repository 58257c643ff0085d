"""The same failure, with gather() in place of the group."""

import asyncio

Orders = asyncio.Queue[int | None]


async def read(found: Orders) -> None:
    try:
        for order in range(1, 6):
            await asyncio.sleep(0.1)
            await found.put(order)
            print("read", order)
        await found.put(None)
    finally:
        print("read() closes the file")


async def save(found: Orders) -> None:
    while (order := await found.get()) is not None:
        await asyncio.sleep(0.25)
        if order == 2:
            raise OSError("the disk is full")
        print("          saved", order)


async def main() -> None:
    found = Orders(maxsize=1)
    try:
        await asyncio.gather(read(found), save(found))
    except OSError as error:
        print("main() gets:", error)
    await asyncio.sleep(2)
    print("main() ends two seconds later")


if __name__ == "__main__":
    asyncio.run(main())
