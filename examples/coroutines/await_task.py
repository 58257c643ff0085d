"""A task awaited while another task is ready to run."""

import asyncio


def who() -> str:
    task = asyncio.current_task()
    return task.get_name() if task else "no task"


async def fetch_profile() -> None:
    print("fetch_profile() runs in", who())


async def send_report() -> None:
    print("send_report() runs in", who())


async def main() -> None:
    print("main() runs in", who())
    report = asyncio.create_task(send_report())
    await asyncio.create_task(fetch_profile())
    print("main() continues")
    await report


if __name__ == "__main__":
    asyncio.run(main())
