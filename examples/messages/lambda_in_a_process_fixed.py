"""A function that another process can import."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
from concurrent.futures import ProcessPoolExecutor


def add_up() -> int:
    return sum(range(10))


async def main() -> None:
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1) as pool:
        print(await loop.run_in_executor(pool, add_up))


if __name__ == "__main__":
    asyncio.run(main())
