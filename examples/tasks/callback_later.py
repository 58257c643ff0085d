"""A callback that runs when a task is done."""

import asyncio


async def send_report() -> str:
    await asyncio.sleep(1)
    print("the task returns")
    return "report sent"


def note(report: asyncio.Task[str]) -> None:
    print("callback:", report.result())


async def main() -> None:
    report = asyncio.create_task(send_report())
    report.add_done_callback(note)
    await report
    print("main() continues, the task is done:", report.done())
    report.add_done_callback(note)
    print("main() added a second callback")
    await asyncio.sleep(0)
    print("main() gets its next turn")


if __name__ == "__main__":
    asyncio.run(main())
