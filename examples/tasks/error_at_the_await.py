"""An exception that comes out of the await."""

import asyncio


async def fetch_weather(city: str) -> str:
    await asyncio.sleep(0.2)
    raise LookupError(f"no weather station in {city}")


async def main() -> None:
    weather = asyncio.create_task(fetch_weather("Atlantis"))
    await asyncio.sleep(1)
    print("main() noticed nothing, the task is done:", weather.done())
    try:
        print(await weather)
    except LookupError as error:
        print(type(error).__name__, error)


if __name__ == "__main__":
    asyncio.run(main())
