"""A plain function, called without await."""

import asyncio


def save_price(price: int) -> None:
    print("saved:", price)


async def main() -> None:
    save_price(42)


if __name__ == "__main__":
    asyncio.run(main())
