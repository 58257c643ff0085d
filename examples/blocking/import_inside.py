"""An import that travels with its function."""

# /// script
# requires-python = ">=3.14"
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
from concurrent.futures import InterpreterPoolExecutor


def in_a_generator(numbers: list[int]) -> int:
    from math import isqrt

    return sum(isqrt(number) for number in numbers)


async def main() -> None:
    loop = asyncio.get_running_loop()
    with InterpreterPoolExecutor(1) as pool:
        print(
            "in_a_generator",
            await loop.run_in_executor(pool, in_a_generator, [16, 81]),
        )


if __name__ == "__main__":
    asyncio.run(main())
