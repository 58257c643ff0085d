"""Two coroutines, driven by hand."""


async def fetch_price() -> int:
    print("fetch_price() runs")
    return 5


async def total(quantity: int) -> int:
    price = await fetch_price()
    print("total() continues")
    return quantity * price


def main() -> None:
    coroutine = total(3)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        print("returned:", stop.value)


if __name__ == "__main__":
    main()
