"""A generator that asks, gets answers, and returns."""

from collections.abc import Generator
from typing import Any


def order_meal() -> Generator[str, Any, str]:
    drink = yield "Which drink?"
    dish = yield "Which dish?"
    return f"{dish} with {drink}"


def main() -> None:
    order = order_meal()
    print("the generator asks:", order.send(None))
    print("the generator asks:", order.send("tea"))
    try:
        print("the generator asks:", order.send("soup"))
    except StopIteration as end:
        print("the generator returns:", end.value)


if __name__ == "__main__":
    main()
