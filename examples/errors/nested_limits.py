"""A time limit inside a shorter one."""

import asyncio


async def ask_shop() -> None:
    try:
        async with asyncio.timeout(0.5) as limit:
            await asyncio.sleep(10)
    except TimeoutError:
        print("ask_shop(): the shop is too slow")
    finally:
        print("the shop's limit expired:", limit.expired())


async def main() -> None:
    try:
        async with asyncio.timeout(0.2) as limit:
            await ask_shop()
            print("main(): continues without this shop")
    except TimeoutError:
        print("main(): the page is too slow")
    print("the page's limit expired:", limit.expired())


if __name__ == "__main__":
    asyncio.run(main())
