"""A subprocess, without any setup."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio


async def main() -> None:
    process = await asyncio.create_subprocess_exec("echo", "hello")
    await process.wait()


if __name__ == "__main__":
    asyncio.run(main())
