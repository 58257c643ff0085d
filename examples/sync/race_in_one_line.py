"""Two payments that collide within one line."""

import asyncio

balance = 100


async def fetch_amount(who: str) -> int:
    await asyncio.sleep(0.5)
    return {"Ada": 10, "Grace": 20}[who]


async def pay_in(who: str) -> None:
    global balance
    balance += await fetch_amount(who)
    print(f"{who} paid in, balance: {balance}")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(pay_in("Ada"), name="Ada")
        group.create_task(pay_in("Grace"), name="Grace")


if __name__ == "__main__":
    asyncio.run(main())
