"""A main() that waits for its task."""

import asyncio


async def send_report() -> None:
    print("connecting to the mail server")
    await asyncio.sleep(1)
    print("report sent")


async def main() -> None:
    report = asyncio.create_task(send_report())
    print("main() is waiting")
    await report
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
