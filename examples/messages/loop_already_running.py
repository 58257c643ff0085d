"""A plain function that runs the loop it's called from."""

import asyncio


async def fetch_settings() -> str:
    await asyncio.sleep(0.5)
    return "dark mode"


def load_settings() -> str:
    loop = asyncio.get_running_loop()
    return loop.run_until_complete(fetch_settings())


async def main() -> None:
    try:
        print(load_settings())
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
