"""A handler for the errors that nobody retrieves."""

import asyncio
from typing import Any


async def copy_orders() -> None:
    await asyncio.sleep(0.1)
    raise ConnectionError("the shop does not answer")


def report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    print("handler:", context["message"])
    print("handler:", repr(context["exception"]))
    print("handler:", context["future"].get_name())


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(report)
    copying = asyncio.create_task(copy_orders(), name="copy orders")
    await asyncio.sleep(1)
    print("main() lets go of the task, done:", copying.done())
    del copying
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
