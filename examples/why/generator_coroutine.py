"""A coroutine as it was written for Python 3.4."""

# /// script
# [tool.loopscope]
# exit = {"3.11" = 1}
# ///

import asyncio


def main() -> None:
    @asyncio.coroutine
    def send_report():
        print("connecting to the mail server")
        yield from asyncio.sleep(1)
        print("report sent")

    report = send_report()
    print("the call gives a", type(report).__name__)
    loop = asyncio.get_event_loop()
    loop.run_until_complete(report)
    loop.close()


if __name__ == "__main__":
    main()
