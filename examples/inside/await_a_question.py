"""The same conversation with async def and await."""

from collections.abc import Generator


class Question:
    def __init__(self, text: str) -> None:
        self.text = text

    def __await__(self) -> Generator[str, str, str]:
        answer = yield self.text
        return answer.strip().lower()


async def order_drink() -> str:
    drink = await Question("Which drink?")
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
