"""A first task."""

import asyncio


async def greet(name: str) -> None:
    print(f"Hello, {name}!")
    await asyncio.sleep(1)
    print(f"Goodbye, {name}!")


async def main() -> None:
    visit = asyncio.create_task(greet("Ada"))
    print("main() created a task")
    await asyncio.sleep(0.4)
    print("main() did something else")
    await visit
    print("main() waited for the task")


if __name__ == "__main__":
    asyncio.run(main())
