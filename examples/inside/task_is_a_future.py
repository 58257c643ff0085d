"""A task is a future that fills itself."""

import asyncio


async def fetch_price() -> int:
    await asyncio.sleep(1)
    return 19


async def main() -> None:
    print("a kind of Future:", issubclass(asyncio.Task, asyncio.Future))
    task = asyncio.create_task(fetch_price())
    print("its coroutine:", task.get_coro().__name__)
    loop = asyncio.get_running_loop()
    print("its loop is this one:", task.get_loop() is loop)
    try:
        task.set_result(45)
    except RuntimeError as error:
        print("RuntimeError:", error)
    print("the price:", await task)


if __name__ == "__main__":
    asyncio.run(main())
