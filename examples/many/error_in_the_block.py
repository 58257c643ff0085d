"""An error in a group's block, while one of its tasks is still waiting."""

import asyncio


async def fetch_weather(city: str) -> None:
    try:
        await asyncio.sleep(0.6)
        print(f"{city} answered")
    except asyncio.CancelledError:
        print(f"{city} was cancelled")
        raise


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fetch_weather("Oslo"), name="Oslo")
            await asyncio.sleep(0.2)
            raise ValueError("the map has no Oslo")
    except* ValueError as errors:
        print("main() gets:", errors.exceptions)


if __name__ == "__main__":
    asyncio.run(main())
