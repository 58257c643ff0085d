"""What is raised inside a time limit, and what is raised outside."""

import asyncio


async def fetch_price() -> str:
    try:
        await asyncio.sleep(10)
        return "today's price"
    except BaseException as error:
        print("fetch_price() sees", type(error).__name__)
        raise


async def main() -> None:
    try:
        async with asyncio.timeout(0.1):
            price = await fetch_price()
    except TimeoutError as error:
        print("main() sees", type(error).__name__)
        price = "yesterday's price"
    print("main() shows", price)


if __name__ == "__main__":
    asyncio.run(main())
