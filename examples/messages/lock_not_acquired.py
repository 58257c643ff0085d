"""A lock that's released twice."""

import asyncio


async def print_label(printer: asyncio.Lock, item: str) -> None:
    await printer.acquire()
    try:
        print("label for", item)
        printer.release()
    finally:
        printer.release()


async def main() -> None:
    try:
        await print_label(asyncio.Lock(), "chair")
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
