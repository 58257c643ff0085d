"""An event loop that asyncio.run() closes."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import gc
import warnings


async def send_report() -> None:
    print("report sent")


def main() -> None:
    asyncio.run(send_report())


if __name__ == "__main__":
    warnings.simplefilter("default")
    main()
    gc.collect()
