"""Three tasks that compute."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


def shrink(name: str) -> str:
    sum(number * number for number in range(2_500_000))
    return f"{name} is smaller now"


async def shrink_photo(name: str) -> None:
    print(shrink(name))


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        for name in ("beach", "forest", "harbor"):
            group.create_task(shrink_photo(name), name=name)


if __name__ == "__main__":
    asyncio.run(main())
