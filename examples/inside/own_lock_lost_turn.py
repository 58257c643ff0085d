"""A turn that is lost, with our lock and with asyncio's."""

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


async def use(printer: Lock | asyncio.Lock, name: str) -> None:
    async with printer:
        print(name, "prints")


async def main() -> None:
    for whose, printer in (("our", Lock()), ("asyncio's", asyncio.Lock())):
        async with printer:
            grace = asyncio.create_task(use(printer, "Grace"), name="Grace")
            alan = asyncio.create_task(use(printer, "Alan"), name="Alan")
            await asyncio.sleep(0.5)
        grace.cancel()
        await asyncio.sleep(0.5)
        print(whose, "lock has let Alan in:", alan.done())


if __name__ == "__main__":
    asyncio.run(main())
