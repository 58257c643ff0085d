"""A group in which one error is expected and caught."""

import asyncio

STATIONS = {"Oslo": 0.6, "Atlantis": 0.4, "Cairo": 0.2}


async def fetch_weather(city: str, seconds: float) -> str:
    await asyncio.sleep(seconds)
    if city == "Atlantis":
        raise LookupError("no station in Atlantis")
    return f"weather in {city}"


async def weather_or_nothing(city: str, seconds: float) -> str | None:
    try:
        return await fetch_weather(city, seconds)
    except LookupError:
        return None


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(weather_or_nothing(city, seconds), name=city)
            for city, seconds in STATIONS.items()
        ]
    print([task.result() for task in tasks])


if __name__ == "__main__":
    asyncio.run(main())
