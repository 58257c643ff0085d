"""Two threads, each with its own event loop."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


async def fetch(page: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    print(f"{page} fetched in {threading.current_thread().name}")


def work(page: str, seconds: float) -> None:
    asyncio.run(fetch(page, seconds))


def main() -> None:
    with ThreadPoolExecutor(2, thread_name_prefix="worker") as pool:
        pool.submit(work, "news", 0.6)
        pool.submit(work, "weather", 0.4)


if __name__ == "__main__":
    main()
