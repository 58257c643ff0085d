"""A plain generator, passed to create_task()."""

import asyncio
from collections.abc import Iterator
from typing import Any


def send_report() -> Iterator[None]:
    print("report sent")
    yield


async def main() -> None:
    report: Any = send_report()
    try:
        await asyncio.create_task(report)
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
