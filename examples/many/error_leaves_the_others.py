"""Two requests run by gather(), one of which fails."""

import asyncio


async def fetch_orders() -> int:
    await asyncio.sleep(0.7)
    print("the orders arrived")
    return 7


async def check_login() -> None:
    await asyncio.sleep(0.4)
    raise PermissionError("login rejected")


async def main() -> None:
    try:
        await asyncio.gather(fetch_orders(), check_login())
    except PermissionError as error:
        print("gather() raises:", error)
    await asyncio.sleep(0.6)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
