"""Three stations, and one of the two kinds of gather()."""

import asyncio

STATIONS = {"Oslo": 0.6, "Atlantis": 0.4, "Cairo": 0.2}


async def fetch_weather(city: str, seconds: float) -> str:
    await asyncio.sleep(seconds)
    if city == "Atlantis":
        raise LookupError("no station in Atlantis")
    return f"weather in {city}"


async def main() -> None:
    tasks = [
        asyncio.create_task(fetch_weather(*station), name=station[0])
        for station in STATIONS.items()
    ]
    await asyncio.gather(*tasks, return_exceptions=True)
    print("main() continues")


if __name__ == "__main__":
    asyncio.run(main())
