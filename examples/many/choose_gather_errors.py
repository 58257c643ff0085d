"""Three stations, one of which fails: gather() with return_exceptions."""

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
    weather = [fetch_weather(*station) for station in STATIONS.items()]
    for result in await asyncio.gather(*weather, return_exceptions=True):
        print("result:", repr(result))
    await asyncio.sleep(0.5)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
