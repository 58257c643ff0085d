"""The order in which two locks let tasks in."""

import asyncio
from collections import deque


class Lock:
    def __init__(self) -> None:
        self.locked = False
        self.waiters: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        while self.locked:
            turn = asyncio.get_running_loop().create_future()
            self.waiters.append(turn)
            await turn
        self.locked = True

    async def __aexit__(self, *error: object) -> None:
        self.locked = False
        while self.waiters:
            turn = self.waiters.popleft()
            if not turn.done():
                turn.set_result(None)
                break


async def use(
    printer: Lock | asyncio.Lock, name: str, pages: int, turns: list[str]
) -> None:
    for _ in range(pages):
        async with printer:
            turns.append(name)
            await asyncio.sleep(0.2)


async def main() -> None:
    for whose, printer in (("ours:", Lock()), ("asyncio's:", asyncio.Lock())):
        turns: list[str] = []
        async with asyncio.TaskGroup() as group:
            group.create_task(use(printer, "Ada", 3, turns), name="Ada")
            group.create_task(use(printer, "Grace", 1, turns), name="Grace")
            group.create_task(use(printer, "Alan", 1, turns), name="Alan")
        print(whose, *turns)


if __name__ == "__main__":
    asyncio.run(main())
