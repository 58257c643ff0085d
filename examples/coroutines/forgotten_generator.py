"""An old-style coroutine, forgotten without a warning."""

import asyncio
import types
from collections.abc import Generator


@types.coroutine
def send_report(orders: int) -> Generator[None, None, None]:
    print("sending a report on", orders, "orders")
    yield


async def main() -> None:
    print("forgotten:", type(send_report(3)))
    await send_report(4)


if __name__ == "__main__":
    asyncio.run(main())
