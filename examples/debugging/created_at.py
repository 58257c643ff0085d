"""A forgotten coroutine, in debug mode."""

import asyncio


async def send_report(number: int) -> None:
    await asyncio.sleep(1)
    print("report", number, "sent")


def order_report() -> None:
    reports = [send_report(3)]
    reports.clear()


async def main() -> None:
    order_report()
    print("done")


if __name__ == "__main__":
    asyncio.run(main(), debug=True)
