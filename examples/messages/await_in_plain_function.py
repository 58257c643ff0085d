"""An await in a plain function."""

# /// script
# [tool.loopscope]
# exit = 1
# ///

import asyncio


def fetch_greeting() -> str:
    await asyncio.sleep(1)
    return "hello"


async def main() -> None:
    print(fetch_greeting())


if __name__ == "__main__":
    asyncio.run(main())
