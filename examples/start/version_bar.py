"""What this Python's asyncio has, and what it lacks."""

import asyncio
import operator

NAMES = [
    "coroutine",
    "TaskGroup",
    "Queue.shutdown",
    "print_call_graph",
    "TaskGroup.cancel",
]


def is_there(name: str) -> bool:
    try:
        operator.attrgetter(name)(asyncio)
    except AttributeError:
        return False
    return True


async def main() -> None:
    for name in NAMES:
        print("yes" if is_there(name) else "no ", name)


if __name__ == "__main__":
    asyncio.run(main())
