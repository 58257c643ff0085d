"""A client that comes before the server."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


async def main() -> None:
    try:
        await asyncio.open_connection("127.0.0.1", 1)
        print("connected")
    except ConnectionRefusedError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
