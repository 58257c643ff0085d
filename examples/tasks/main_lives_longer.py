"""A main() that happens to live longer than the task."""

import asyncio


async def send_report() -> None:
    print("connecting to the mail server")
    await asyncio.sleep(1)
    print("report sent")


async def main() -> None:
    report = asyncio.create_task(send_report())
    await asyncio.sleep(2)
    print("main() returns, the task is done:", report.done())


if __name__ == "__main__":
    asyncio.run(main())
