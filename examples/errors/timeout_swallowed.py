"""Two time limits that raise nothing."""

import asyncio


async def fetch_price() -> str:
    try:
        await asyncio.sleep(10)
        return "today's price"
    except asyncio.CancelledError:
        return "yesterday's price"


async def main() -> None:
    try:
        async with asyncio.timeout(0.1) as limit:
            print("timeout():", await fetch_price())
        print("expired:", limit.expired())
        print("wait_for():", await asyncio.wait_for(fetch_price(), timeout=0.1))
    except TimeoutError:
        print("main() continues without a price")


if __name__ == "__main__":
    asyncio.run(main())
