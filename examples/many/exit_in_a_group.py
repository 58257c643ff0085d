"""A task in a group that ends the program."""

import asyncio
import sys


async def check_paper() -> None:
    await asyncio.sleep(0.1)
    sys.exit("out of paper")


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(check_paper())
    except ExceptionGroup as errors:
        print("main() gets a group:", repr(errors))
    except SystemExit as error:
        print("main() gets the bare error:", repr(error))


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except SystemExit as error:
        print("asyncio.run() raises", repr(error))
