"""Three weather stations, asked at the same time with gather()."""

import asyncio


async def fetch_weather(city: str, seconds: float) -> str:
    await asyncio.sleep(seconds)
    print(f"{city} answered")
    return f"weather in {city}"


async def main() -> None:
    answers = await asyncio.gather(
        fetch_weather("Oslo", 0.6),
        fetch_weather("Cairo", 0.2),
        fetch_weather("Lisbon", 0.4),
    )
    print(answers)


if __name__ == "__main__":
    asyncio.run(main())
