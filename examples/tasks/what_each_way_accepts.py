"""What five ways to create a task accept."""

import asyncio
from collections.abc import Generator
from typing import Any


class Parcel:
    def __await__(self) -> Generator[Any, None, str]:
        yield from asyncio.sleep(0.1).__await__()
        return "a parcel"


async def fetch_price() -> int:
    await asyncio.sleep(0.1)
    return 45


async def main() -> None:
    loop = asyncio.get_running_loop()
    group = asyncio.TaskGroup()
    print(
        " " * 27,
        *(f"{what:>16}" for what in ("coroutine", "future", "__await__")),
    )
    async with group:
        made_by = [group.create_task, asyncio.create_task, loop.create_task]
        way: Any
        for way in [*made_by, asyncio.ensure_future, asyncio.gather]:
            letter = loop.create_future()
            letter.set_result("a letter")
            answers = []
            for thing in (fetch_price(), letter, Parcel()):
                try:
                    made = way(thing)
                    answers.append(
                        "same object" if made is thing else type(made).__name__
                    )
                    await made
                except TypeError:
                    answers.append("TypeError")
            print(
                f"{way.__qualname__:<27}",
                *(f"{answer:>16}" for answer in answers),
            )


if __name__ == "__main__":
    asyncio.run(main())
