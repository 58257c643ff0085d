"""Waiting for a task's value while another task counts."""

import asyncio


async def fetch_weather() -> dict[str, int]:
    print("asking the weather station")
    await asyncio.sleep(1.95)
    return {"temperature": 21}


async def count() -> None:
    for number in range(10):
        print(number)
        await asyncio.sleep(0.25)


async def main() -> None:
    weather = asyncio.create_task(fetch_weather())
    counting = asyncio.create_task(count())
    print(await weather)
    await counting


if __name__ == "__main__":
    asyncio.run(main())
