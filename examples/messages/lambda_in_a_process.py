"""A lambda for another process."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import pickle
from concurrent.futures import ProcessPoolExecutor


async def main() -> None:
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1) as pool:
        try:
            print(await loop.run_in_executor(pool, lambda: sum(range(10))))
        except (AttributeError, pickle.PicklingError) as error:
            print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
