"""An async with outside any async def."""

# /// script
# [tool.loopscope]
# exit = 1
# ///

import asyncio

prices = {"book": 12}
lock = asyncio.Lock()

async with lock:
    prices["book"] = 10
print(prices)
