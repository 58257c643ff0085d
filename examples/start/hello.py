"""One coroutine that waits for a second."""

import asyncio


async def main() -> None:
    print("Knock, knock!")
    await asyncio.sleep(1)
    print("Who's there?")


if __name__ == "__main__":
    asyncio.run(main())
