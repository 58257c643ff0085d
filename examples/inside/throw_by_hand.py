"""An exception thrown into a hand-written await, and into a yield from."""

from collections.abc import Generator
from typing import Any

Order = Generator[str, Any, str]


def ask(question: str) -> Order:
    try:
        answer: str = yield question
    except TimeoutError:
        return "water"
    return answer.strip().lower()


def by_hand() -> Order:
    inner = ask("Which drink?")
    answer = None
    while True:
        try:
            question = inner.send(answer)
        except StopIteration as end:
            return f"a cup of {end.value}"
        answer = yield question


def with_yield_from() -> Order:
    drink = yield from ask("Which drink?")
    return f"a cup of {drink}"


def main() -> None:
    for function in (by_hand, with_yield_from):
        order = function()
        order.send(None)
        try:
            order.throw(TimeoutError("nobody answers"))
        except (StopIteration, TimeoutError) as end:
            print(f"{function.__name__}(): {end!r}")


if __name__ == "__main__":
    main()
