"""Two tasks that start after main() has returned."""

import asyncio


async def send_report(receiver: str) -> None:
    print(f"the report for {receiver} starts")


async def main() -> None:
    first = asyncio.create_task(send_report("Ada"))
    second = asyncio.create_task(send_report("Grace"))
    print("main() has made two tasks")
    print("done:", first.done(), second.done())


if __name__ == "__main__":
    asyncio.run(main())
