"""A long call in the event loop, in debug mode."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import logging
import re
import time


class WithoutDigits(logging.Formatter):
    """The measured time differs from run to run."""

    def format(self, record: logging.LogRecord) -> str:
        return re.sub(r"took \S+", "took …", super().format(record))


async def main() -> None:
    time.sleep(0.3)
    print("the poster is ready")


if __name__ == "__main__":
    logging.basicConfig()
    logging.getLogger().handlers[0].setFormatter(WithoutDigits())
    asyncio.run(main(), debug=True)
