"""The same time limit with wait_for()."""

import asyncio


def tell_task(who: str) -> None:
    task = asyncio.current_task()
    print(f"{who} runs in", task.get_name() if task else "no task")


async def fetch_price() -> int:
    tell_task("fetch_price()")
    try:
        await asyncio.sleep(10)
        return 19
    finally:
        await asyncio.sleep(0.3)
        print("fetch_price() logged out")


async def main() -> None:
    tell_task("main()")
    try:
        print("price:", await asyncio.wait_for(fetch_price(), timeout=0.1))
    except TimeoutError:
        print("main() continues without a price")


if __name__ == "__main__":
    asyncio.run(main())
