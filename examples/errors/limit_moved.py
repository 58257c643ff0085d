"""A time limit that starts over with each part that arrives."""

import asyncio


async def receive_parts() -> None:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(0.3) as limit:
        for part, seconds in enumerate((0.2, 0.2, 0.2, 10), start=1):
            await asyncio.sleep(seconds)
            print(f"part {part} arrived")
            limit.reschedule(loop.time() + 0.3)


async def main() -> None:
    try:
        await receive_parts()
    except TimeoutError:
        print("no part for 0.3 seconds")


if __name__ == "__main__":
    asyncio.run(main())
