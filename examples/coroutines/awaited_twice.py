"""A task and a coroutine, each awaited twice."""

import asyncio


async def fetch_price() -> int:
    print("asking the shop")
    await asyncio.sleep(1)
    return 42


async def main() -> None:
    task = asyncio.create_task(fetch_price())
    print("task:", await task)
    print("task again:", await task)

    coroutine = fetch_price()
    print("coroutine:", await coroutine)
    try:
        print("coroutine again:", await coroutine)
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
