"""The same coroutine, the way it's been written since Python 3.5."""

import asyncio


async def send_report() -> None:
    print("connecting to the mail server")
    await asyncio.sleep(1)
    print("report sent")


def main() -> None:
    report = send_report()
    print("the call gives a", type(report).__name__)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(report)
    loop.close()


if __name__ == "__main__":
    main()
