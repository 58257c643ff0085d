"""A task, before and after cancel()."""

import asyncio


async def send_report() -> None:
    try:
        await asyncio.sleep(10)
    finally:
        print("send_report() cleans up")


def tell(when: str, task: asyncio.Task[None]) -> None:
    print(f"{when}: done {task.done()}, cancelling {task.cancelling()}")


async def main() -> None:
    report = asyncio.create_task(send_report())
    await asyncio.sleep(1)
    tell("before cancel()", report)
    report.cancel()
    tell("after cancel()", report)
    await asyncio.wait([report])
    tell("after the wait", report)
    print("cancelled:", report.cancelled())


if __name__ == "__main__":
    asyncio.run(main())
