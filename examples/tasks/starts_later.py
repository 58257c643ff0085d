"""Two tasks that wait for their first turn."""

import asyncio


async def send_report(recipient: str) -> None:
    print(f"the report for {recipient} starts")


async def main() -> None:
    first = asyncio.create_task(send_report("Ada"))
    second = asyncio.create_task(send_report("Grace"))
    print("main() created two tasks")
    await asyncio.sleep(0)
    print("main() gets its next turn")
    print("done:", first.done(), second.done())


if __name__ == "__main__":
    asyncio.run(main())
