"""A plain function's result, awaited."""

import asyncio


def save_price(price: int) -> None:
    print("saved:", price)


async def main() -> None:
    try:
        await save_price(42)
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
