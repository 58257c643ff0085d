"""Two jobs with the same priority, and numbers to decide."""

import asyncio
from itertools import count

Job = dict[str, str]


async def main() -> None:
    jobs: asyncio.PriorityQueue[tuple[int, int, Job]]
    jobs, number = asyncio.PriorityQueue(), count()
    jobs.put_nowait((2, next(number), {"task": "sweep"}))
    jobs.put_nowait((1, next(number), {"task": "pack"}))
    jobs.put_nowait((1, next(number), {"task": "send"}))
    while not jobs.empty():
        print((await jobs.get())[2]["task"])


if __name__ == "__main__":
    asyncio.run(main())
