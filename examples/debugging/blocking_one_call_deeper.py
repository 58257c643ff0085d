"""A blocking call that hides in a plain function."""

import asyncio
import time


def ask_the_warehouse(name: str) -> int:
    time.sleep(0.3)
    return len(name)


async def fetch_stock(name: str) -> int:
    return ask_the_warehouse(name)


async def main() -> None:
    print("in stock:", await fetch_stock("tea"))


if __name__ == "__main__":
    asyncio.run(main())
