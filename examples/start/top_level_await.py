"""A greeting, without main()."""

# /// script
# [tool.loopscope]
# exit = 1
# ///

import asyncio


async def fetch_greeting() -> str:
    await asyncio.sleep(1)
    return "hello"


print(await fetch_greeting())
