"""Three stations, and no word about who asks them."""

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
    answers = []
    for next_answer in asyncio.as_completed(tasks):
        try:
            answers.append(await next_answer)
        except LookupError:
            pass
    print("main() has the answers")


if __name__ == "__main__":
    asyncio.run(main())
