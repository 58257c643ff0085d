"""A shield that protects a task from a time limit, but not from the end of main()."""

import asyncio


async def fetch_prices() -> dict[str, int]:
    try:
        await asyncio.sleep(2)
    except asyncio.CancelledError:
        print("fetch_prices() was cancelled")
        raise
    return {"lamp": 19}


async def main() -> None:
    prices = asyncio.create_task(fetch_prices(), name="prices")
    try:
        async with asyncio.timeout(1):
            print(await asyncio.shield(prices))
    except TimeoutError:
        print("main() gives up, the task is done:", prices.done())
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
