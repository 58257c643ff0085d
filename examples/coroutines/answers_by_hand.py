"""A coroutine that asks questions and gets its answers by hand."""

from collections.abc import Generator
from types import coroutine


@coroutine
def ask(question: str) -> Generator[str, str, str]:
    answer = yield question
    return answer


async def ask_number(question: str) -> int:
    return int(await ask(question))


async def order_tea() -> str:
    name = await ask("Your name?")
    bags = await ask_number("How many bags?")
    return f"{bags} bags of tea for {name}"


def main() -> None:
    order = order_tea()
    print("1:", order.send(None))
    print("2:", order.send("Ada"))
    try:
        order.send("20")
    except StopIteration as stop:
        print("3:", stop.value)


if __name__ == "__main__":
    main()
