"""asyncio.run() is given the function itself."""

import asyncio


async def main() -> None:
    await asyncio.sleep(0.5)
    print("report sent")


if __name__ == "__main__":
    try:
        asyncio.run(main)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error, sep=": ")
