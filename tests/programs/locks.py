"""Who comes first is served first."""

import asyncio


async def visit(name, lock):
    print(name, "asks")
    async with lock:
        print(name, "is in")
        await asyncio.sleep(0.01)
    print(name, "is out")


async def main():
    lock = asyncio.Lock()
    await asyncio.gather(*(visit(name, lock) for name in "abc"))
    print(lock.locked(), "unlocked" in repr(lock))


asyncio.run(main())
