"""Three tasks that compute, and pause after each slice."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


async def shrink_photo(name: str) -> None:
    for _ in range(5):
        sum(number * number for number in range(500_000))
        await asyncio.sleep(0)
    print(name, "is smaller now")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        for name in ("beach", "forest", "harbor"):
            group.create_task(shrink_photo(name), name=name)


if __name__ == "__main__":
    asyncio.run(main())
