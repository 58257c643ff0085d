# /// script
# requires-python = ">=3.12"
# ///

"""A task that starts inside create_task()."""

import asyncio


async def send_report() -> None:
    print("the report starts")
    await asyncio.sleep(1)
    print("the report is sent")


async def main() -> None:
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    report = asyncio.create_task(send_report())
    print("main() created the task")
    await report


if __name__ == "__main__":
    asyncio.run(main())
