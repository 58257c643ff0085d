"""An event loop for async def."""

import heapq
import time
import types
from collections import deque
from collections.abc import Coroutine, Generator

Task = Coroutine[float, None, None]


@types.coroutine
def sleep(seconds: float) -> Generator[float, None, None]:
    yield seconds


async def brew(drink: str, seconds: float) -> None:
    print(f"{drink}: water on")
    await sleep(seconds)
    print(f"{drink}: ready")


def run(*tasks: Task) -> None:
    ready = deque(tasks)
    timers: list[tuple[float, int, Task]] = []
    while ready or timers:
        if not ready:
            due, _, task = heapq.heappop(timers)
            time.sleep(max(0, due - time.monotonic()))
            ready.append(task)
        task = ready.popleft()
        try:
            seconds = task.send(None)
        except StopIteration:
            continue
        heapq.heappush(timers, (time.monotonic() + seconds, id(task), task))


if __name__ == "__main__":
    run(brew("tea", 0.3), brew("coffee", 0.2))
