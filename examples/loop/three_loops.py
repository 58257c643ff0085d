"""Three teas, brewed in three threads."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import current_thread


async def brew(tea: str, seconds: float) -> asyncio.AbstractEventLoop:
    await asyncio.sleep(seconds)
    print(tea, "is ready in", current_thread().name)
    return asyncio.get_running_loop()


def in_a_loop_of_its_own(tea: str, seconds: float) -> asyncio.AbstractEventLoop:
    return asyncio.run(brew(tea, seconds))


def main() -> None:
    with ThreadPoolExecutor(thread_name_prefix="kitchen") as pool:
        teas, times = ["green", "black", "herbal"], [0.2, 0.4, 0.6]
        loops = list(pool.map(in_a_loop_of_its_own, teas, times))
    print("different loops:", len(set(loops)))


if __name__ == "__main__":
    main()
