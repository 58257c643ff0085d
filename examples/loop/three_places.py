"""What the loop has in its queue, and what is waiting for its time."""

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.call_later(0.2, print, "the tea is ready")
    loop.call_later(0.1, print, "the water is boiling")
    loop.call_soon(print, "the kettle is on")
    loop.call_soon(print, "the cups are out")
    print("main() goes to sleep")
    await asyncio.sleep(0.3)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
