"""An event loop whose generators can sleep."""

import heapq
import time
from collections import deque
from collections.abc import Generator

Task = Generator[float, None, None]


def brew(drink: str, seconds: float) -> Task:
    print(f"{drink}: water on")
    yield seconds
    print(f"{drink}: ready")


def run(*tasks: Task) -> None:
    ready = deque(tasks)
    timers: list[tuple[float, int, Task]] = []
    while ready or timers:
        if not ready:
            due, _, task = heapq.heappop(timers)
            print("no task is ready, so the loop sleeps")
            time.sleep(max(0, due - time.monotonic()))
            ready.append(task)
        task = ready.popleft()
        try:
            seconds = task.send(None)
        except StopIteration:
            continue
        heapq.heappush(timers, (time.monotonic() + seconds, id(task), task))


def main() -> None:
    run(brew("tea", 0.3), brew("coffee", 0.2), brew("cocoa", 0.4))


if __name__ == "__main__":
    main()
