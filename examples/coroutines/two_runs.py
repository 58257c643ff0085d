"""Two calls of asyncio.run()."""

import asyncio


async def main() -> asyncio.AbstractEventLoop:
    await asyncio.sleep(1)
    return asyncio.get_running_loop()


if __name__ == "__main__":
    first = asyncio.run(main())
    second = asyncio.run(main())
    print("the same loop:", first is second)
    print("closed:", first.is_closed(), second.is_closed())
