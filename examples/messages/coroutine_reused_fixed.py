"""A second attempt with a new coroutine."""

import asyncio


async def fetch_price() -> int:
    await asyncio.sleep(0.5)
    raise ConnectionError("the shop doesn't answer")


async def main() -> None:
    for attempt in (1, 2):
        try:
            print(await fetch_price())
        except ConnectionError as error:
            print(f"attempt {attempt}: {type(error).__name__}: {error}")


if __name__ == "__main__":
    asyncio.run(main())
