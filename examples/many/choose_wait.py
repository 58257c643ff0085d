"""Three stations, one of which fails: wait()."""

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
        asyncio.create_task(fetch_weather(*station), name=station[0])
        for station in STATIONS.items()
    ]
    done, pending = await asyncio.wait(
        tasks, return_when=asyncio.FIRST_EXCEPTION
    )
    for task in tasks:
        if task in pending:
            print(task.get_name(), "is pending")
        else:
            answer = task.exception() or task.result()
            print(task.get_name(), "is done:", answer)
    await asyncio.sleep(0.5)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
