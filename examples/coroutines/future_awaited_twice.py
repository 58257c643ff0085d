"""A future and an object with __await__, each awaited twice."""

import asyncio
from collections.abc import Generator


class Parcel:
    def __await__(self) -> Generator[object, None, str]:
        yield from asyncio.sleep(1).__await__()
        return "the parcel"


async def main() -> None:
    loop = asyncio.get_running_loop()
    letter: asyncio.Future[str] = loop.create_future()
    loop.call_later(1, letter.set_result, "the letter")
    parcel = Parcel()

    start = loop.time()
    for awaitable in (letter, letter, parcel, parcel):
        what = await awaitable
        print(f"{what}, after {loop.time() - start:.0f} s")


if __name__ == "__main__":
    asyncio.run(main())
