"""Two counters, one of them in main()."""

import asyncio


async def count(label: str, numbers: int) -> None:
    for number in range(numbers):
        print(f"{label}: {number}")
        await asyncio.sleep(0.5)


async def main() -> None:
    asyncio.create_task(count("in the background", 10))
    await count("in main()", 3)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
