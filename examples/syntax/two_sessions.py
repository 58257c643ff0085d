"""Two sessions at the same time, and what async with calls."""

import asyncio


class Session:
    def __init__(self, customer: str, seconds: float) -> None:
        self.customer = customer
        self.seconds = seconds

    async def __aenter__(self) -> str:
        await asyncio.sleep(self.seconds)
        print(f"{self.customer}: logged in")
        return f"session of {self.customer}"

    async def __aexit__(self, *error: object) -> None:
        await asyncio.sleep(self.seconds)
        print(f"{self.customer}: logged out")


async def visit(customer: str, seconds: float) -> None:
    async with Session(customer, seconds) as session:
        print("visit() uses the", session)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(visit("Ada", 0.3), name="Ada")
        group.create_task(visit("Grace", 0.2), name="Grace")


if __name__ == "__main__":
    asyncio.run(main())
