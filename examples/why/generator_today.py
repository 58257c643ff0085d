"""A coroutine made from a generator, the way it can be done today."""

import asyncio
import types
from collections.abc import Generator
from typing import Any


@types.coroutine
def send_report() -> Generator[Any, None, None]:
    print("connecting to the mail server")
    yield from asyncio.sleep(1)
    print("report sent")


async def main() -> None:
    report = send_report()
    print("the call gives a", type(report).__name__)
    await report


if __name__ == "__main__":
    asyncio.run(main())
