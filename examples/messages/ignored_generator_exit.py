"""A task that nothing holds awaits in its finally."""

import asyncio
import gc


async def serve() -> None:
    closed = asyncio.Event()
    try:
        await closed.wait()
    finally:
        await asyncio.sleep(0.1)
        print("server stopped")


async def main() -> None:
    asyncio.create_task(serve())
    await asyncio.sleep(0.5)
    gc.collect()
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
