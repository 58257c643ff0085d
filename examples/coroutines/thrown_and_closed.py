"""The same coroutine, first with an error thrown into it, then closed."""

from collections.abc import Generator
from types import coroutine


@coroutine
def ask(question: str) -> Generator[str, str, str]:
    answer = yield question
    return answer


async def order_tea() -> str:
    try:
        name = await ask("Your name?")
    except TimeoutError as error:
        print("  no name:", error)
        name = "somebody"
    except GeneratorExit:
        print("  GeneratorExit: nobody will answer")
        raise
    finally:
        print("  the form is put away")
    return f"tea for {name}"


def main() -> None:
    order = order_tea()
    print("first order:", order.send(None))
    try:
        order.throw(TimeoutError("no answer"))
    except StopIteration as stop:
        print(stop.value)

    order = order_tea()
    print("second order:", order.send(None))
    order.close()
    print("closed")


if __name__ == "__main__":
    main()
