"""Two tasks fail, and gather() reports one."""

import asyncio


async def fetch_orders() -> None:
    await asyncio.sleep(0.7)
    print("the database fails")
    raise ConnectionError("the database is gone")


async def check_login() -> None:
    await asyncio.sleep(0.4)
    raise PermissionError("login rejected")


async def main() -> None:
    try:
        await asyncio.gather(fetch_orders(), check_login())
    except (PermissionError, ConnectionError) as error:
        print("gather() raises:", error)
    await asyncio.sleep(0.6)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
