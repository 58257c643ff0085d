"""A loop of one's own, and nobody who clears up."""

import asyncio


async def send_report() -> None:
    try:
        await asyncio.sleep(1)
    finally:
        print("send_report() cleans up")


async def main() -> None:
    asyncio.create_task(send_report())
    await asyncio.sleep(0.1)
    print("main() returns")


if __name__ == "__main__":
    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())
    loop.close()
