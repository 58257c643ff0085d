"""A task, before and after cancel()."""

import asyncio


async def send_report() -> None:
    try:
        await asyncio.sleep(10)
    finally:
        print("send_report() cleans up")


def show_state(when: str, task: asyncio.Task[None]) -> None:
    print(f"{when}: done {task.done()}, cancelling {task.cancelling()}")


async def main() -> None:
    report = asyncio.create_task(send_report())
    await asyncio.sleep(1)
    show_state("before cancel()", report)
    report.cancel()
    show_state("after cancel()", report)
    await asyncio.wait([report])
    show_state("after the wait", report)
    print("cancelled:", report.cancelled())


if __name__ == "__main__":
    asyncio.run(main())
