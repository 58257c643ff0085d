"""One fails, the others go on."""

import asyncio


async def fail():
    await asyncio.sleep(0)
    raise ValueError("no")


async def slow():
    await asyncio.sleep(0.02)
    print("slow goes on")


async def main():
    print(await asyncio.gather(fail(), slow(), return_exceptions=True))
    try:
        await asyncio.gather(fail(), slow())
    except ValueError as problem:
        print("caught", repr(problem), problem.__traceback__.tb_next is not None)
    await asyncio.sleep(0.05)


asyncio.run(main())
