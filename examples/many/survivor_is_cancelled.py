# /// script
# [tool.loopscope]
# exit = 1
# ///

"""An error that leaves main(), and what happens to the task that is left."""

import asyncio


async def fetch_orders() -> int:
    try:
        await asyncio.sleep(0.7)
        print("the orders arrived")
    except asyncio.CancelledError:
        print("the orders were cancelled")
        raise
    return 7


async def check_login() -> None:
    await asyncio.sleep(0.4)
    raise PermissionError("login rejected")


async def main() -> None:
    await asyncio.gather(fetch_orders(), check_login())


if __name__ == "__main__":
    asyncio.run(main())
