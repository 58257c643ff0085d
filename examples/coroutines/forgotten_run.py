"""main() is called, and nothing runs it."""

import asyncio


async def main() -> None:
    print("sending the report")
    await asyncio.sleep(1)
    print("report sent")


if __name__ == "__main__":
    main()
    print("the program ends")
