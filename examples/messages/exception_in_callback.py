"""A callback that raises an exception."""

import asyncio


def print_price(answer: dict[str, int]) -> None:
    print("price:", answer["lamp"])


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.call_soon(print_price, {"desk": 90})
    await asyncio.sleep(0.5)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
