"""Interpreters beside the main one."""
# python: 3.14
# clock: real

import asyncio
import os
import sys
from concurrent.futures import InterpreterPoolExecutor


def work(number: int) -> tuple[int, list[str], bool]:
    strays = [entry for entry in sys.path if "_boot" in entry]
    return sum(range(number)), strays, any("LOOPSCOPE" in name for name in os.environ)


async def main() -> None:
    loop = asyncio.get_running_loop()
    with InterpreterPoolExecutor(2) as pool:
        print(
            await asyncio.gather(
                *(loop.run_in_executor(pool, work, number) for number in (10, 100))
            )
        )


if __name__ == "__main__":
    asyncio.run(main())
