"""A task of our own, in one class."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class SmallTask(asyncio.Future[str]):
    def __init__(self, coroutine: Coroutine[Any, None, str]) -> None:
        super().__init__()
        self.coroutine = coroutine
        self.get_loop().call_soon(self.step)

    def step(self, woken_by: asyncio.Future[None] | None = None) -> None:
        print("step begins")
        try:
            waits_for = self.coroutine.send(None)
        except StopIteration as end:
            self.set_result(end.value)
        else:
            waits_for.add_done_callback(self.step)


async def bake() -> str:
    print("bake() mixes")
    await asyncio.sleep(1)
    print("bake() heats the oven")
    await asyncio.sleep(1)
    return "a cake"


async def main() -> None:
    print("main() gets:", await SmallTask(bake()))


if __name__ == "__main__":
    asyncio.run(main())
