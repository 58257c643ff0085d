"""One cook, two dishes, and a pause after cutting."""

import asyncio


async def cook(dish: str, seconds: float) -> None:
    print(f"{dish}: cut")
    await asyncio.sleep(0)
    print(f"{dish}: into the oven")
    await asyncio.sleep(seconds)
    print(f"{dish}: out of the oven")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(cook("potatoes", 0.5))
        group.create_task(cook("pie", 0.3))


if __name__ == "__main__":
    asyncio.run(main())
