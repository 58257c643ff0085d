"""A coroutine's result in a reply."""

import asyncio
import json


async def fetch_price(item: str) -> int:
    await asyncio.sleep(0.5)
    return 42


async def main() -> None:
    reply = {"item": "lamp", "price": await fetch_price("lamp")}
    print(json.dumps(reply))


if __name__ == "__main__":
    asyncio.run(main())
