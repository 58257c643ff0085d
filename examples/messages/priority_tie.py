"""Two jobs with the same priority."""

import asyncio

Job = dict[str, str]


async def main() -> None:
    jobs: asyncio.PriorityQueue[tuple[int, Job]] = asyncio.PriorityQueue()
    try:
        jobs.put_nowait((2, {"task": "sweep"}))
        jobs.put_nowait((1, {"task": "pack"}))
        jobs.put_nowait((1, {"task": "send"}))
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
