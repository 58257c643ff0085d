"""An await in a coroutine function."""

import asyncio


async def fetch_greeting() -> str:
    await asyncio.sleep(1)
    return "hello"


async def main() -> None:
    print(await fetch_greeting())


if __name__ == "__main__":
    asyncio.run(main())
