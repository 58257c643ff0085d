"""Do two tasks ever compute at the same moment?"""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import time


def knead() -> tuple[float, float]:
    began = time.monotonic()
    sum(number * number for number in range(2_500_000))
    return began, time.monotonic()


async def baker() -> tuple[float, float]:
    return knead()


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        ada, ben = group.create_task(baker()), group.create_task(baker())
    later_start = max(ada.result()[0], ben.result()[0])
    earlier_end = min(ada.result()[1], ben.result()[1])
    print("both were kneading at the same moment:", later_start < earlier_end)


if __name__ == "__main__":
    asyncio.run(main())
