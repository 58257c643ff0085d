"""Two weather stations, queried in a group."""

import asyncio


async def fetch_weather(city: str, seconds: float) -> str:
    await asyncio.sleep(seconds)
    print(f"{city} answered")
    return f"weather in {city}"


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        oslo = group.create_task(fetch_weather("Oslo", 0.6), name="Oslo")
        cairo = group.create_task(fetch_weather("Cairo", 0.2), name="Cairo")
        print("last line of the block")
    print("first line after it:", oslo.result(), "and", cairo.result())


if __name__ == "__main__":
    asyncio.run(main())
