"""A group in which a single task is cancelled."""

import asyncio


async def fetch_weather(city: str, seconds: float) -> str:
    await asyncio.sleep(seconds)
    return f"weather in {city}"


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        oslo = group.create_task(fetch_weather("Oslo", 0.2), name="Oslo")
        cairo = group.create_task(fetch_weather("Cairo", 60), name="Cairo")
        await asyncio.sleep(0.5)
        cairo.cancel()
    print("both are done:", oslo.done(), cairo.done())
    print(oslo.result())
    try:
        print(cairo.result())
    except asyncio.CancelledError as error:
        print(repr(error))


if __name__ == "__main__":
    asyncio.run(main())
