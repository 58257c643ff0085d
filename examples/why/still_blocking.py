"""The weather and the bill, in two tasks."""

import asyncio
import time


async def fetch_weather() -> None:
    print("weather: asking the server")
    time.sleep(2)
    print("weather: sunny")


async def add_up_bill() -> None:
    print("bill:", 12 + 30)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch_weather())
        group.create_task(add_up_bill())


if __name__ == "__main__":
    asyncio.run(main())
