"""A custom loop that reports each new task."""

import asyncio
from typing import Any


class ReportingLoop(asyncio.SelectorEventLoop):
    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        print("new task:", coro.__name__)
        return super().create_task(coro, **options)


async def brew() -> None:
    await asyncio.sleep(0.2)
    print("the tea is ready")


async def main() -> None:
    await asyncio.create_task(brew())


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=ReportingLoop) as runner:
        runner.run(main())
