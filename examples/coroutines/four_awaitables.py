"""Four kinds of awaitables."""

import asyncio
from collections.abc import Generator


async def fetch_price(item: str) -> str:
    await asyncio.sleep(1)
    return f"the price of {item}"


class Parcel:
    def __await__(self) -> Generator[object, None, str]:
        yield from asyncio.sleep(1).__await__()
        return "the parcel"


async def main() -> None:
    coroutine = fetch_price("tea")
    task = asyncio.create_task(fetch_price("cake"))
    loop = asyncio.get_running_loop()
    future: asyncio.Future[str] = loop.create_future()
    loop.call_later(2, future.set_result, "the reply to a letter")

    for awaitable in (coroutine, task, future, Parcel()):
        print(f"{type(awaitable).__name__}: {await awaitable}")


if __name__ == "__main__":
    asyncio.run(main())
