"""Orders that are shipped once they are paid."""

import asyncio


async def is_paid(order: int) -> bool:
    await asyncio.sleep(0.5)
    return False


async def main() -> None:
    if is_paid(17):
        print("order 17 is shipped")
    if await is_paid(18):
        print("order 18 is shipped")


if __name__ == "__main__":
    asyncio.run(main())
