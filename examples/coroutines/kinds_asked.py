"""Six objects, each put through four checks."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from types import coroutine

QUESTIONS = (
    inspect.isgenerator,
    inspect.iscoroutine,
    inspect.isasyncgen,
    inspect.isawaitable,
)


def prices() -> Iterator[int]:
    yield 42


@coroutine
def old_style() -> Iterator[None]:
    yield


async def fetch_price() -> int:
    return 42


async def watch_price() -> AsyncIterator[int]:
    yield 42


def ask(name: str, thing: object) -> None:
    yes = [question.__name__ for question in QUESTIONS if question(thing)]
    print(f"{name:<15} {', '.join(yes)}")


async def main() -> None:
    ask("prices()", prices())
    ask("watch_price()", watch_price())
    task = asyncio.create_task(fetch_price())
    ask("task", task)
    ask("its coroutine", task.get_coro())
    ask("future", asyncio.get_running_loop().create_future())
    ask("old_style()", old_style())


if __name__ == "__main__":
    asyncio.run(main())
