"""A forgotten await in a function without type hints."""

import asyncio


async def main():
    asyncio.sleep(1)
    print("done")


if __name__ == "__main__":
    asyncio.run(main())
