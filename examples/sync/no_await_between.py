"""Two withdrawals with no await between the check and the action."""

import asyncio

balance = 100


async def withdraw(amount: int, who: str) -> None:
    global balance
    if balance >= amount:
        balance -= amount
        await asyncio.sleep(0.5)
        print(f"{who} gets {amount}, left: {balance}")
    else:
        print(f"{who} is refused, left: {balance}")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(withdraw(80, "Ada"), name="Ada")
        group.create_task(withdraw(80, "Grace"), name="Grace")


if __name__ == "__main__":
    asyncio.run(main())
