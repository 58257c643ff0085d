"""A coroutine that hands work to its own loop."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


async def brew(tea: str) -> str:
    await asyncio.sleep(0.2)
    return f"{tea} tea"


async def main() -> None:
    loop = asyncio.get_running_loop()
    future = asyncio.run_coroutine_threadsafe(brew("green"), loop)
    try:
        print("main() gets", future.result(timeout=0.6))
    except TimeoutError:
        print("no tea after 0.6 seconds")
    tea = await asyncio.wrap_future(future)
    print("main() gets", tea)


if __name__ == "__main__":
    asyncio.run(main())
