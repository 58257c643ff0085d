"""asyncio.run() is given what the call returns."""

import asyncio


async def main() -> None:
    await asyncio.sleep(0.5)
    print("report sent")


if __name__ == "__main__":
    asyncio.run(main())
