"""The same steps, with a lower limit."""

import asyncio
import time


async def render(picture: str, seconds: float) -> None:
    time.sleep(seconds)
    print(picture, "is ready")


async def main() -> None:
    asyncio.get_running_loop().slow_callback_duration = 0.03
    async with asyncio.TaskGroup() as group:
        group.create_task(render("thumbnail", 0.06), name="small")
        group.create_task(render("poster", 0.3), name="large")


if __name__ == "__main__":
    asyncio.run(main())
