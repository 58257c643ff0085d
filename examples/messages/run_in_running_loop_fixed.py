"""await inside a coroutine."""

import asyncio


async def fetch_report() -> str:
    await asyncio.sleep(0.5)
    return "12 orders"


async def main() -> None:
    report = fetch_report()
    print(await report)


if __name__ == "__main__":
    asyncio.run(main())
