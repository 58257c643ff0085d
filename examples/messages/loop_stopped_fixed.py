"""An event that tells main() to return."""

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.call_later(0.5, stop.set)
    await stop.wait()
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
