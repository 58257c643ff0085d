"""A script that asks for the current loop."""

import asyncio


async def send_report() -> None:
    await asyncio.sleep(0.5)
    print("report sent")


def main() -> None:
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")
    else:
        loop.run_until_complete(send_report())
        loop.close()


if __name__ == "__main__":
    main()
