"""The same delay, at two levels."""

import asyncio


async def high_level() -> str:
    return await asyncio.sleep(0.5, "the tea is ready")


async def low_level() -> str:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[str] = loop.create_future()
    timer = loop.call_at(
        loop.time() + 0.5, future.set_result, "the tea is ready"
    )
    try:
        return await future
    finally:
        timer.cancel()


async def main() -> None:
    loop = asyncio.get_running_loop()
    for way in (high_level, low_level):
        began = loop.time()
        print(
            f"{way.__name__}: {await way()} after {loop.time() - began:.1f} s"
        )


if __name__ == "__main__":
    asyncio.run(main())
