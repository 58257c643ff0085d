"""An error that main() sees much too late."""

import asyncio


async def fetch_orders() -> None:
    await asyncio.sleep(3)
    print("the orders arrived")


async def check_login() -> None:
    await asyncio.sleep(0.2)
    print("the login was rejected")
    raise PermissionError("login rejected")


async def main() -> None:
    orders = asyncio.create_task(fetch_orders())
    login = asyncio.create_task(check_login())
    try:
        await orders
        await login
    except PermissionError as error:
        print("main() gets:", error)


if __name__ == "__main__":
    asyncio.run(main())
