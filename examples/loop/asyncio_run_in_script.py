"""The same script with asyncio.run()."""

import asyncio


async def fetch_profile() -> str:
    await asyncio.sleep(0.3)
    return "Ada"


async def fetch_orders() -> int:
    await asyncio.sleep(0.2)
    return 7


async def main() -> None:
    profile = asyncio.create_task(fetch_profile())
    print("orders:", await fetch_orders())
    print("profile:", await profile)
    print("both again:", await asyncio.gather(fetch_profile(), fetch_orders()))


if __name__ == "__main__":
    asyncio.run(main())
