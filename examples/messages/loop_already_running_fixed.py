"""A coroutine function in place of the plain one."""

import asyncio


async def fetch_settings() -> str:
    await asyncio.sleep(0.5)
    return "dark mode"


async def load_settings() -> str:
    return await fetch_settings()


async def main() -> None:
    print(await load_settings())


if __name__ == "__main__":
    asyncio.run(main())
