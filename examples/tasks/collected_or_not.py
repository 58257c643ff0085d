"""Which waiting tasks get garbage collected."""

import asyncio
import gc
from typing import Any

complaints: list[str] = []


def note(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    name, message = context["task"].get_name(), context["message"]
    complaints.append(f"waiting for {name}: {message}")


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(note)
    doorbell = asyncio.Event()
    asyncio.create_task(asyncio.sleep(60), name="the end of a sleep")
    asyncio.create_task(doorbell.wait(), name="main()'s event")
    asyncio.create_task(asyncio.Event().wait(), name="an event of its own")
    asyncio.create_task(asyncio.Queue().get(), name="a queue of its own")
    asyncio.create_task(
        asyncio.wait_for(asyncio.Event().wait(), 60), name="a timeout"
    )
    await asyncio.sleep(0.1)
    asyncio.create_task(asyncio.Event().wait(), name="its first turn")
    gc.collect()
    print(*sorted(complaints), "main() returns", sep="\n")


if __name__ == "__main__":
    asyncio.run(main())
