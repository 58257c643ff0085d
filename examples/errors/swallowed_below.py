"""A task without a try is cancelled."""

import asyncio


async def fetch_price() -> str:
    try:
        await asyncio.sleep(10)
        return "today's price"
    except asyncio.CancelledError:
        return "yesterday's price"


async def show_price() -> None:
    print("showing", await fetch_price())


async def main() -> None:
    showing = asyncio.create_task(show_price(), name="show_price")
    await asyncio.sleep(0.5)
    showing.cancel()
    await asyncio.wait([showing])
    print("cancelled:", showing.cancelled(), "requests:", showing.cancelling())


if __name__ == "__main__":
    asyncio.run(main())
