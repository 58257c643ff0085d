# /// script
# requires-python = ">=3.11"
# [tool.loopscope]
# exit = {"3.10" = 1, "3.12" = 0}
# ///

"""asyncio.run() with a factory."""

import asyncio


async def main() -> None:
    print("it runs on a", type(asyncio.get_running_loop()).__name__)


if __name__ == "__main__":
    asyncio.run(main(), loop_factory=asyncio.SelectorEventLoop)
