"""A main() that gathers all tasks, its own included."""

import asyncio


async def send_report() -> None:
    await asyncio.sleep(1)
    print("the report is sent")


async def main() -> None:
    report = asyncio.create_task(send_report())
    everything = asyncio.gather(*asyncio.all_tasks())
    await asyncio.wait([everything], timeout=5)
    print("after five seconds, the report is done:", report.done())
    print("everything is done:", everything.done())


if __name__ == "__main__":
    asyncio.run(main())
