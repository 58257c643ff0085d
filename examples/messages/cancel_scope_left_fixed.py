"""A task group that the same task enters and leaves."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio"]
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
from contextlib import AsyncExitStack

import anyio


async def connect(stack: AsyncExitStack) -> None:
    await stack.enter_async_context(anyio.create_task_group())
    print("connected")


async def main() -> None:
    stack = AsyncExitStack()
    await connect(stack)
    await stack.aclose()
    print("disconnected")


if __name__ == "__main__":
    asyncio.run(main())
