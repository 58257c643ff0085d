"""A task that mistakes its cancellation for an error."""

import asyncio


async def watch_prices() -> None:
    for attempt in range(1, 5):
        try:
            await asyncio.sleep(0.4)
            print(f"attempt {attempt}: prices checked")
        except BaseException as error:
            print(f"attempt {attempt}: failed, {error!r}")


async def main() -> None:
    watching = asyncio.create_task(watch_prices())
    await asyncio.sleep(0.6)
    watching.cancel()
    print("main() called cancel()")
    await asyncio.wait([watching])
    print(
        "cancelled:", watching.cancelled(), "requests:", watching.cancelling()
    )


if __name__ == "__main__":
    asyncio.run(main())
