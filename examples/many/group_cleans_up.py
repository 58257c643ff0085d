"""Three weather stations, one of which does not exist."""

import asyncio


async def fetch_weather(city: str, seconds: float) -> str:
    try:
        await asyncio.sleep(seconds)
        print(f"{city} answered")
        return f"weather in {city}"
    finally:
        print(f"{city} hangs up")


async def fetch_from_atlantis() -> str:
    await asyncio.sleep(0.4)
    raise LookupError("no weather station in Atlantis")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            oslo = group.create_task(fetch_weather("Oslo", 0.6), name="Oslo")
            cairo = group.create_task(fetch_weather("Cairo", 0.2), name="Cairo")
            group.create_task(fetch_from_atlantis())
        print("all stations answered")
    except* LookupError as errors:
        print("main() gets:", errors.exceptions)
    print("Oslo cancelled:", oslo.cancelled())
    print("Cairo:", cairo.result())
    print("unfinished tasks:", len(asyncio.all_tasks()))


if __name__ == "__main__":
    asyncio.run(main())
