"""A short blocking step and a long one."""

import asyncio
import time


async def render(picture: str, seconds: float) -> None:
    time.sleep(seconds)
    print(picture, "is ready")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(render("thumbnail", 0.06), name="small")
        group.create_task(render("poster", 0.3), name="large")


if __name__ == "__main__":
    asyncio.run(main())
