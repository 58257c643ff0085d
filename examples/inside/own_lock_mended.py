"""A lock of our own that skips waiters that have left."""

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


async def use(printer: Lock, name: str) -> None:
    async with printer:
        print(f"{name} prints")
        await asyncio.sleep(1)


async def main() -> None:
    printer = Lock()
    ada = asyncio.create_task(use(printer, "Ada"), name="Ada")
    grace = asyncio.create_task(use(printer, "Grace"), name="Grace")
    alan = asyncio.create_task(use(printer, "Alan"), name="Alan")
    await asyncio.sleep(0.5)
    grace.cancel()
    await ada
    await asyncio.sleep(2)
    print("Alan has printed:", alan.done())


if __name__ == "__main__":
    asyncio.run(main())
