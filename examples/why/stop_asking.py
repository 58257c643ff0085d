"""A group that is stopped after a second and a half."""

# /// script
# requires-python = ">=3.15"
# ///

import asyncio


async def ask_shop(shop: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    print(f"{shop} has it")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(ask_shop("north", 1), name="north")
        group.create_task(ask_shop("south", 3), name="south")
        await asyncio.sleep(1.5)
        group.cancel()
    print("main() continues")


if __name__ == "__main__":
    asyncio.run(main())
