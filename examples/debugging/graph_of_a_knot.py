"""The call graph of two tasks that are waiting for each other."""

# /// script
# requires-python = ">=3.14"
# ///

import asyncio


async def wait_for(name: str, tasks: dict[str, asyncio.Task[None]]) -> None:
    await asyncio.wait([tasks[name]])


async def main() -> None:
    tasks: dict[str, asyncio.Task[None]] = {}
    tasks["cook"] = asyncio.create_task(wait_for("waiter", tasks), name="cook")
    tasks["waiter"] = asyncio.create_task(
        wait_for("cook", tasks), name="waiter"
    )
    await asyncio.sleep(1)
    try:
        asyncio.print_call_graph(tasks["cook"])
    except RecursionError as error:
        print("RecursionError:", error)


if __name__ == "__main__":
    asyncio.run(main())
