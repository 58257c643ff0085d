"""An event loop for generators."""

from collections import deque
from collections.abc import Generator

Task = Generator[None, None, None]


def count(label: str, numbers: int) -> Task:
    for number in range(numbers):
        print(f"{label}: {number}")
        yield
    print(f"{label}: done")


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
    run(count("cups", 3), count("spoons", 2))


if __name__ == "__main__":
    main()
