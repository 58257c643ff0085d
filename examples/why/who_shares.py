"""A task, a thread and a process, each of which adds to a list."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
from multiprocessing import Process
from threading import Thread, current_thread

notes: list[str] = []


def write_note(who: str) -> None:
    notes.append(who)
    print(f"{who}: in {current_thread().name}, the list is now", notes)


async def in_a_task() -> None:
    write_note("task")


async def main() -> None:
    await asyncio.create_task(in_a_task())
    for kind, who in ((Thread, "thread"), (Process, "process")):
        helper = kind(target=write_note, args=(who,), name=f"another {who}")
        helper.start()
        helper.join()
    print("at the end:", notes)


if __name__ == "__main__":
    asyncio.run(main())
