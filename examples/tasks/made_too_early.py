"""A task created before there is a loop."""

import asyncio


async def send_report() -> None:
    print("report sent")


def start() -> None:
    report = send_report()
    try:
        asyncio.create_task(report)
    except RuntimeError as error:
        print(type(error).__name__, error)
    report.close()


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(send_report())


if __name__ == "__main__":
    start()
    asyncio.run(main())
