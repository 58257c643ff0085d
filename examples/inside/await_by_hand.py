"""How await passes along what's sent in, written out."""

from collections.abc import Generator
from typing import Any


def ask(question: str) -> Generator[str, Any, str]:
    answer: str = yield question
    return answer.strip().lower()


def order_drink() -> Generator[str, Any, str]:
    inner = ask("Which drink?")
    answer = None
    while True:
        try:
            question = inner.send(answer)
        except StopIteration as end:
            drink = end.value
            break
        answer = yield question
    return f"a cup of {drink}"


def main() -> None:
    order = order_drink()
    print("outside hears:", order.send(None))
    try:
        order.send("  TEA ")
    except StopIteration as end:
        print("outside gets:", end.value)


if __name__ == "__main__":
    main()
