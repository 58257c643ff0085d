"""A forgotten coroutine, held in a variable until the function returns."""

import asyncio


async def send_report(team: str) -> None:
    print("sending a report to", team)


def plan_report() -> None:
    report = send_report("sales")
    print("planned:", type(report).__name__)


async def main() -> None:
    plan_report()
    last = send_report("support")
    print("planned:", type(last).__name__)


if __name__ == "__main__":
    asyncio.run(main())
