"""asyncio.gather() is given the coroutines one by one."""

import asyncio


async def fetch_price(item: str) -> str:
    await asyncio.sleep(0.2)
    return f"{item}: 42"


async def main() -> None:
    prices = [fetch_price("lamp"), fetch_price("desk")]
    print(await asyncio.gather(*prices))


if __name__ == "__main__":
    asyncio.run(main())
