"""Errors that gather() puts among the results."""

import asyncio


async def fetch_orders() -> int:
    await asyncio.sleep(0.7)
    print("the orders arrived")
    return 7


async def check_login() -> None:
    await asyncio.sleep(0.4)
    raise PermissionError("login rejected")


async def main() -> None:
    results = await asyncio.gather(
        fetch_orders(), check_login(), return_exceptions=True
    )
    print(results)


if __name__ == "__main__":
    asyncio.run(main())
