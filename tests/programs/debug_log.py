"""What asyncio logs when it may log all."""

import asyncio
import logging
import selectors

logging.basicConfig(
    level=logging.DEBUG,
    format="%(levelname)s %(name)s %(filename)s:%(lineno)d %(funcName)s %(message)s",
)


async def main():
    await asyncio.sleep(0.01)


asyncio.run(main())
asyncio.SelectorEventLoop(selectors.SelectSelector()).close()
