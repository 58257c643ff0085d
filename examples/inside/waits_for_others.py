"""A main() that waits for all tasks but its own."""

import asyncio


async def send_report() -> None:
    await asyncio.sleep(1)
    print("the report is sent")


async def main() -> None:
    report = asyncio.create_task(send_report())
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        print("main() is waiting for", task.get_name())
        await task
    print("the report is done:", report.done())


if __name__ == "__main__":
    asyncio.run(main())
