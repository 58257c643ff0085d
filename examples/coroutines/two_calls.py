"""Two calls of one coroutine function."""

import asyncio


async def fetch_price() -> int:
    await asyncio.sleep(1)
    return 42


async def main() -> None:
    first, second = fetch_price(), fetch_price()
    print("fetch_price is a", type(fetch_price).__name__)
    print("the calls gave one coroutine:", first is second)
    print("it has the function's code:", first.cr_code is fetch_price.__code__)
    print("prices:", await first, await second)


if __name__ == "__main__":
    asyncio.run(main())
