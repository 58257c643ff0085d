# /// script
# requires-python = ">=3.11"
# dependencies = ["nest-asyncio2"]
# [tool.loopscope]
# clock = "real"
# ///

"""Two tasks that call asyncio.run(), on a patched loop."""

import asyncio

import nest_asyncio2


async def fetch(name: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    print(f"{name} is here")


async def page(name: str, seconds: float) -> None:
    asyncio.run(fetch(name, seconds))
    print(f"page {name} continues")


async def main() -> None:
    nest_asyncio2.apply()
    async with asyncio.TaskGroup() as group:
        group.create_task(page("tea", 0.1), name="tea")
        group.create_task(page("cake", 0.4), name="cake")


if __name__ == "__main__":
    asyncio.run(main())
