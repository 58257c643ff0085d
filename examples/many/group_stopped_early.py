# /// script
# requires-python = ">=3.15"
# ///

"""A group that is stopped when the first answer arrives."""

import asyncio


async def ask(mirror: str, seconds: float, group: asyncio.TaskGroup) -> None:
    try:
        await asyncio.sleep(seconds)
        print(f"{mirror} answered")
        group.cancel()
    except asyncio.CancelledError:
        print(f"{mirror} was cancelled")
        raise


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        oslo = group.create_task(ask("Oslo", 0.6, group), name="Oslo")
        cairo = group.create_task(ask("Cairo", 0.2, group), name="Cairo")
    print("main() continues")
    print("cancelled:", oslo.cancelled(), cairo.cancelled())


if __name__ == "__main__":
    asyncio.run(main())
