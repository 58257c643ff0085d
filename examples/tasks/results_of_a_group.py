"""The results of several tasks."""

import asyncio


async def fetch_weather(city: str, seconds: float) -> str:
    await asyncio.sleep(seconds)
    print(f"{city} answered")
    return f"weather in {city}"


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(fetch_weather("Oslo", 0.6)),
            group.create_task(fetch_weather("Cairo", 0.2)),
            group.create_task(fetch_weather("Lisbon", 0.4)),
        ]
    print([task.result() for task in tasks])


if __name__ == "__main__":
    asyncio.run(main())
