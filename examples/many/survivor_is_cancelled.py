# /// script
# [tool.loopscope]
# exit = 1
# ///

"""An error that leaves main(), and the end of the task that was left."""

import asyncio


async def fetch_orders() -> int:
    try:
        await asyncio.sleep(0.7)
        print("the orders are here")
    except asyncio.CancelledError:
        print("the orders are cancelled")
        raise
    return 7


async def check_login() -> None:
    await asyncio.sleep(0.4)
    raise PermissionError("login refused")


async def main() -> None:
    await asyncio.gather(fetch_orders(), check_login())


if __name__ == "__main__":
    asyncio.run(main())
