"""Two reports, both started in a group's block."""

import asyncio


async def send_report(recipient: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    print("report sent to", recipient)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(send_report("Ada", 0.3), name="Ada")
        stray = asyncio.create_task(send_report("Grace", 0.6), name="Grace")
    print("main() returns, Grace's report is done:", stray.done())


if __name__ == "__main__":
    asyncio.run(main())
