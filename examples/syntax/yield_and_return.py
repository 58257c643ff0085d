"""An async generator that returns a value."""

# /// script
# [tool.loopscope]
# exit = 1
# ///

import asyncio
from collections.abc import AsyncIterator


async def read_orders() -> AsyncIterator[int]:
    for number in (17, 18, 19):
        yield number
    return 3


if __name__ == "__main__":
    asyncio.run(anext(read_orders()))
