"""A loop of your own, which has to be cleaned up by hand."""

import asyncio


async def send_report() -> None:
    try:
        await asyncio.sleep(1)
    finally:
        print("send_report() cleans up")


async def main() -> asyncio.Task[None]:
    report = asyncio.create_task(send_report())
    await asyncio.sleep(0.1)
    return report


if __name__ == "__main__":
    loop = asyncio.new_event_loop()
    report = loop.run_until_complete(main())
    print("main() returned, the report is done:", report.done())
    report.cancel()
    loop.run_until_complete(asyncio.wait([report]))
    print("the report is done:", report.done())
    loop.close()
