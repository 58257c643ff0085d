"""An event loop that's never closed."""

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
    loop = asyncio.new_event_loop()
    loop.run_until_complete(send_report())


if __name__ == "__main__":
    warnings.simplefilter("default")
    main()
    gc.collect()
