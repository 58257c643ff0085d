"""Where the message goes when logging is set up."""

import asyncio
import logging


async def copy_orders() -> None:
    await asyncio.sleep(0.1)
    raise ConnectionError("the shop does not answer")


def count(record: logging.LogRecord) -> bool:
    print("logger:", record.name)
    print("level:", record.levelname)
    print("message:", record.getMessage().splitlines()[0])
    return True


async def main() -> None:
    copying = asyncio.create_task(copy_orders(), name="copy orders")
    await asyncio.sleep(1)
    del copying
    print("main() returns")


if __name__ == "__main__":
    logging.getLogger("asyncio").addFilter(count)
    asyncio.run(main())
