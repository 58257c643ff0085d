"""Three stations, one of which fails: a TaskGroup."""

import asyncio

STATIONS = {"Oslo": 0.6, "Atlantis": 0.4, "Cairo": 0.2}


async def fetch_weather(city: str, seconds: float) -> str:
    print("asking", city)
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print(f"{city} was cancelled")
        raise
    if city == "Atlantis":
        raise LookupError("no station in Atlantis")
    print(f"{city} answered")
    return f"weather in {city}"


async def main() -> None:
    tasks: list[asyncio.Task[str]] = []
    try:
        async with asyncio.TaskGroup() as group:
            for station in STATIONS.items():
                tasks.append(group.create_task(fetch_weather(*station)))
    except* LookupError as errors:
        print("main() gets:", errors.exceptions)
    for task in tasks:
        if not task.cancelled() and not task.exception():
            print("result:", task.result())
    await asyncio.sleep(0.5)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
