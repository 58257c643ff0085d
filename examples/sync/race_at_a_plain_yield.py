"""Two withdrawals, step by step, with a plain generator."""

import asyncio
from collections.abc import Iterator

balance = 100


def steps(amount: int, who: str) -> Iterator[str]:
    global balance
    if balance >= amount:
        yield f"{who} may have {amount}"
        balance -= amount
        yield f"{who} gets {amount}, left: {balance}"
    else:
        yield f"{who} is refused, left: {balance}"


async def withdraw(amount: int, who: str) -> None:
    for step in steps(amount, who):
        print(step)
        await asyncio.sleep(0.5)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(withdraw(80, "Ada"), name="Ada")
        group.create_task(withdraw(80, "Grace"), name="Grace")


if __name__ == "__main__":
    asyncio.run(main())
