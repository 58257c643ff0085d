"""A task that is left over, and takes its time to clean up."""

import asyncio


async def send_report() -> None:
    print("connecting to the mail server")
    try:
        await asyncio.sleep(1)
        print("report sent")
    except asyncio.CancelledError:
        print("cancelled before the report was sent")
        await asyncio.sleep(0.4)
        print("signed off from the mail server")
        raise


async def main() -> None:
    asyncio.create_task(send_report(), name="send_report")
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
    print("asyncio.run() returns")
