"""Do the computations of two tasks overlap in time?"""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import time


def count_coins() -> tuple[float, float]:
    began = time.monotonic()
    sum(number * number for number in range(2_500_000))
    return began, time.monotonic()


async def serve() -> tuple[float, float]:
    return count_coins()


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        ada = group.create_task(serve(), name="Ada")
        ben = group.create_task(serve(), name="Ben")
    later_start = max(ada.result()[0], ben.result()[0])
    earlier_end = min(ada.result()[1], ben.result()[1])
    print("their times overlapped:", later_start < earlier_end)


if __name__ == "__main__":
    asyncio.run(main())
