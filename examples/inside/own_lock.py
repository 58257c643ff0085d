"""A lock of our own."""

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
        if self.waiters:
            self.waiters.popleft().set_result(None)


async def use(printer: Lock, name: str) -> None:
    async with printer:
        print(f"{name} prints")
        await asyncio.sleep(1)


async def main() -> None:
    printer = Lock()
    async with asyncio.TaskGroup() as group:
        for name in ("Ada", "Grace", "Alan"):
            group.create_task(use(printer, name), name=name)


if __name__ == "__main__":
    asyncio.run(main())
