# /// script
# requires-python = ">=3.11"
# [tool.loopscope]
# clock = "real"
# ///

"""An asyncio loop that never sleeps."""

import asyncio
import time


class HurriedLoop(asyncio.BaseEventLoop):
    def __init__(self) -> None:
        super().__init__()
        self._selector = self
        self.now = 0.0

    def time(self) -> float:
        return self.now

    def select(self, timeout: float | None) -> list[object]:
        self.now += timeout or 0
        return []

    def _process_events(self, events: list[object]) -> None: ...

    def _write_to_self(self) -> None: ...


async def brew(drink: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    print(f"{drink}: ready after {asyncio.get_running_loop().time():.0f} s")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(brew("tea", 180), name="tea")
        group.create_task(brew("coffee", 120), name="coffee")


if __name__ == "__main__":
    began = time.monotonic()
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        runner.run(main())
    print("really less than 1 s:", time.monotonic() - began < 1)
