"""A coroutine that needs asyncio's loop, on a loop of our own."""

import asyncio
from collections import deque
from collections.abc import Coroutine

Task = Coroutine[object, None, None]


async def brew(drink: str, seconds: float) -> None:
    print(f"{drink}: water on")
    await asyncio.sleep(seconds)
    print(f"{drink}: ready")


def run(*tasks: Task) -> None:
    ready = deque(tasks)
    while ready:
        task = ready.popleft()
        try:
            task.send(None)
        except StopIteration:
            continue
        ready.append(task)


def main() -> None:
    run(brew("iced tea", 0))
    try:
        run(brew("hot tea", 0.3))
    except RuntimeError as error:
        print("RuntimeError:", error)


if __name__ == "__main__":
    main()
