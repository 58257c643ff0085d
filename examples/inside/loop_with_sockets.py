"""An event loop that waits for data and for timers in one place."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import selectors
import socket
import time
import types
from bisect import insort
from collections.abc import Coroutine, Generator


@types.coroutine
def wait_for(what: object) -> Generator[object, None, None]:
    yield what


async def shop(line: socket.socket) -> None:
    await wait_for(0.2)
    print("shop: sends an order")
    line.send(b"one lamp")


async def office(line: socket.socket) -> None:
    await wait_for(line)
    print("office: received", line.recv(100).decode())


def run(*tasks: Coroutine[object, None, None]) -> None:
    ready, selector = list(tasks), selectors.DefaultSelector()
    timers: list[tuple[float, int, Coroutine[object, None, None]]] = []
    while ready or timers or selector.get_map():
        until = max(0, timers[0][0] - time.monotonic()) if timers else None
        for key, _ in selector.select(0 if ready else until):
            ready.append(selector.unregister(key.fileobj).data)
        while timers and timers[0][0] <= time.monotonic():
            ready.append(timers.pop(0)[2])
        for _ in range(len(ready)):
            task = ready.pop(0)
            try:
                what = task.send(None)
            except StopIteration:
                continue
            if isinstance(what, socket.socket):
                selector.register(what, selectors.EVENT_READ, task)
            elif isinstance(what, (int, float)):
                insort(timers, (time.monotonic() + what, id(task), task))


if __name__ == "__main__":
    here, there = socket.socketpair()
    with here, there:
        run(office(here), shop(there))
