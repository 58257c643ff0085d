"""get_event_loop() during asyncio.run(), and after it."""

import asyncio


async def main() -> None:
    print(
        "the same loop:", asyncio.get_event_loop() is asyncio.get_running_loop()
    )


if __name__ == "__main__":
    asyncio.run(main())
    try:
        asyncio.get_event_loop()
    except RuntimeError as error:
        print("afterwards:", error)
