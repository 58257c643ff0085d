"""A main() that waits for all tasks, its own included."""

import asyncio


async def send_report() -> None:
    await asyncio.sleep(1)
    print("the report is sent")


async def main() -> None:
    report = asyncio.create_task(send_report())
    everything = asyncio.all_tasks()
    for task in sorted(everything, key=lambda task: task is not report):
        print("main() is waiting for", task.get_name())
        try:
            await task
        except RuntimeError as error:
            print("RuntimeError:", error)
    print("the report is done:", report.done())


if __name__ == "__main__":
    asyncio.run(main())
