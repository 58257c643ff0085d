"""A group that is stopped by an exception when the first answer arrives."""

import asyncio


class StopGroupError(Exception):
    pass


async def ask(mirror: str, seconds: float) -> None:
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print(f"{mirror} was cancelled")
        raise
    raise StopGroupError(f"{mirror} answered")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(ask("Oslo", 0.6), name="Oslo")
            group.create_task(ask("Cairo", 0.2), name="Cairo")
    except* StopGroupError as answers:
        print("main() gets:", answers.exceptions)


if __name__ == "__main__":
    asyncio.run(main())
