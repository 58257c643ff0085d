"""The collector finds nothing that it would not find unrecorded: no garbage of the start-up, none of a loop that is over."""

import gc

print(gc.collect())
import asyncio  # noqa: E402

gc.collect()


async def main():
    await asyncio.gather(asyncio.sleep(0.01), asyncio.sleep(0.02))


asyncio.run(main())
print(gc.collect())
