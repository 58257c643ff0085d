"""A function that reaches another interpreter without its import."""

# /// script
# requires-python = ">=3.14"
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
from concurrent.futures import InterpreterPoolExecutor
from math import isqrt


def in_a_loop(numbers: list[int]) -> int:
    total = 0
    for number in numbers:
        total += isqrt(number)
    return total


def in_a_generator(numbers: list[int]) -> int:
    return sum(isqrt(number) for number in numbers)


async def main() -> None:
    loop = asyncio.get_running_loop()
    with InterpreterPoolExecutor(1) as pool:
        for function in (in_a_loop, in_a_generator):
            try:
                print(
                    function.__name__,
                    await loop.run_in_executor(pool, function, [16, 81]),
                )
            except NameError as error:
                print(function.__name__, "NameError:", error)


if __name__ == "__main__":
    asyncio.run(main())
