"""A task group that one task enters and another leaves."""

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
    await asyncio.create_task(connect(stack))
    try:
        await stack.aclose()
        print("disconnected")
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
