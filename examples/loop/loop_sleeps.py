"""When the loop sleeps, and what wakes it."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import selectors
import socket
import threading
import time

Events = list[tuple[selectors.SelectorKey, int]]


class ReportingSelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> Events:
        if timeout == 0:
            return super().select(timeout)
        print("  nothing is ready: the loop sleeps")
        events = super().select(timeout)
        print("  woken by", "the connection" if events else "the clock")
        return events


def reporting_loop() -> asyncio.AbstractEventLoop:
    return asyncio.SelectorEventLoop(ReportingSelector())


async def main() -> None:
    office, shop = socket.socketpair()
    office.setblocking(False)
    with office, shop:
        threading.Timer(0.2, shop.send, [b"order 17"]).start()
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0.6))
            order = await asyncio.get_running_loop().sock_recv(office, 100)
            print(order.decode(), "came in")
    print("0.6 seconds have passed")


if __name__ == "__main__":
    began, computed = time.perf_counter(), time.process_time()
    with asyncio.Runner(loop_factory=reporting_loop) as runner:
        runner.run(main())
    share = (time.process_time() - computed) / (time.perf_counter() - began)
    print("less than a fifth of the time was spent computing:", share < 0.2)
