"""A coroutine that is created in one place and lost in another."""

import asyncio
import tracemalloc
from collections.abc import Coroutine
from typing import Any


async def send_report(team: str) -> None:
    print("sending a report to", team)


def plan_reports() -> list[Coroutine[Any, Any, None]]:
    return [send_report("sales")]


async def main() -> None:
    reports = plan_reports()
    print("planned:", len(reports))
    reports.clear()


if __name__ == "__main__":
    tracemalloc.start()
    asyncio.run(main())
