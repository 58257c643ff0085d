"""Four ways to wait for two stations, each with a limit of 0.4 seconds."""

import asyncio


def ask_stations() -> list[asyncio.Task[None]]:
    return [
        asyncio.create_task(asyncio.sleep(0.9), name="Oslo"),
        asyncio.create_task(asyncio.sleep(0.2), name="Cairo"),
    ]


async def gather() -> None:
    await asyncio.gather(*ask_stations())


async def wait() -> None:
    await asyncio.wait(ask_stations())


async def as_completed() -> None:
    for next_answer in asyncio.as_completed(ask_stations()):
        await next_answer


async def task_group() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(0.9), name="Oslo")
        group.create_task(asyncio.sleep(0.2), name="Cairo")


async def main() -> None:
    for collect in (gather, wait, as_completed, task_group):
        try:
            async with asyncio.timeout(0.4):
                await collect()
        except TimeoutError:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            names = [task.get_name() for task in others]
            print(f"{collect.__name__}: still running: {names}")
        await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(main())
