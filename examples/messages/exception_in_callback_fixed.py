"""A callback that handles its exception."""

import asyncio


def print_price(answer: dict[str, int]) -> None:
    try:
        print("price:", answer["lamp"])
    except KeyError as error:
        print("no price for", error)


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.call_soon(print_price, {"desk": 90})
    await asyncio.sleep(0.5)
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
