"""Three ways to wait for three stations, each with a limit of 0.4 seconds."""

import asyncio

Tasks = list[asyncio.Task[None]]
STATIONS = {"Oslo": 0.9, "Lisbon": 0.7, "Cairo": 0.2}


def ask_stations() -> Tasks:
    return [
        asyncio.create_task(asyncio.sleep(seconds), name=city)
        for city, seconds in STATIONS.items()
    ]


async def gather(tasks: Tasks) -> None:
    await asyncio.gather(*tasks)


async def wait(tasks: Tasks) -> None:
    await asyncio.wait(tasks)


async def as_completed(tasks: Tasks) -> None:
    for next_answer in asyncio.as_completed(tasks):
        await next_answer


async def main() -> None:
    for collect in (gather, wait, as_completed):
        tasks = ask_stations()
        try:
            async with asyncio.timeout(0.4):
                await collect(tasks)
        except TimeoutError:
            left = [task.get_name() for task in tasks if not task.done()]
            print(f"{collect.__name__}(), still at work: {left}")


if __name__ == "__main__":
    asyncio.run(main())
