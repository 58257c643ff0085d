"""A lock for each event loop."""

import asyncio


async def print_label(item: str, printer: asyncio.Lock) -> None:
    async with printer:
        await asyncio.sleep(0.2)
        print("label for", item)


async def main() -> None:
    printer = asyncio.Lock()
    await asyncio.gather(
        print_label("chair", printer), print_label("desk", printer)
    )


if __name__ == "__main__":
    asyncio.run(main())
    asyncio.run(main())
