"""A coroutine that sleeps, driven by hand."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def steep(minutes: float) -> str:
    await asyncio.sleep(minutes * 60)
    return "the tea is ready"


def try_to_send(coroutine: Coroutine[Any, Any, str], value: object) -> None:
    try:
        print("it yields", coroutine.send(value))
    except (StopIteration, RuntimeError, TypeError) as error:
        print(type(error).__name__, error, sep=": ")


def main() -> None:
    quick = steep(0)
    try_to_send(quick, "start")
    try_to_send(quick, None)
    try_to_send(quick, None)
    try_to_send(steep(3), None)


if __name__ == "__main__":
    main()
