"""Three computations, each in a process of its own."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
from concurrent.futures import ProcessPoolExecutor


def shrink(name: str) -> str:
    sum(number * number for number in range(2_500_000))
    return f"{name} is smaller now"


async def main() -> None:
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(3) as processes:
        photos = [
            loop.run_in_executor(processes, shrink, name)
            for name in ("beach", "forest", "harbor")
        ]
        print("main() is free to do something else")
        for photo in photos:
            print(await photo)


if __name__ == "__main__":
    asyncio.run(main())
