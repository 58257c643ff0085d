# /// script
# requires-python = ">=3.14"
# ///

"""One task that starts inside create_task()."""

import asyncio


async def send_report(recipient: str) -> None:
    print("connecting for", recipient)
    await asyncio.sleep(1)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(send_report("Ada"), name="Ada")
        group.create_task(send_report("Grace"), name="Grace", eager_start=True)
        print("main() created two tasks")


if __name__ == "__main__":
    asyncio.run(main())
