"""Setup for subprocesses, as it was done before 3.8."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


async def main() -> None:
    try:
        asyncio.get_child_watcher()
    except AttributeError as error:
        print(type(error).__name__, error, sep=": ")
    process = await asyncio.create_subprocess_exec("echo", "hello")
    await process.wait()


if __name__ == "__main__":
    asyncio.run(main())
