"""The function, and what calling it gives you."""

import asyncio
import inspect


async def fetch_price() -> int:
    return 42


async def main() -> None:
    print("fetch_price is a", type(fetch_price).__name__)
    print("  a coroutine function:", inspect.iscoroutinefunction(fetch_price))
    print("  a coroutine:", inspect.iscoroutine(fetch_price))

    price = fetch_price()
    print("fetch_price() is a", type(price).__name__)
    print("  a coroutine function:", inspect.iscoroutinefunction(price))
    print("  a coroutine:", inspect.iscoroutine(price))
    print("await gives", await price)


if __name__ == "__main__":
    asyncio.run(main())
