"""A callback whose type was imported."""

from collections.abc import Callable


def work(when_done: Callable[[], None]) -> None:
    print("working")
    when_done()
    print("the callback returned")


def note() -> None:
    print("the callback runs")


if __name__ == "__main__":
    work(note)
