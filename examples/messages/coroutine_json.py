"""A coroutine in a reply."""

import asyncio
import json


async def fetch_price(item: str) -> int:
    await asyncio.sleep(0.5)
    return 42


async def main() -> None:
    reply = {"item": "lamp", "price": fetch_price("lamp")}
    try:
        print(json.dumps(reply))
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
