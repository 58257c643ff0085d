"""Three stations, one of which fails: as_completed()."""

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
    tasks = [
        asyncio.create_task(fetch_weather(city, seconds), name=city)
        for city, seconds in STATIONS.items()
    ]
    for next_answer in asyncio.as_completed(tasks):
        try:
            print("result:", await next_answer)
        except LookupError as error:
            print("main() gets:", error)
    await asyncio.sleep(0.5)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
