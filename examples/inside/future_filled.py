"""A future, and a timer that sets its result."""

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    meal: asyncio.Future[str] = loop.create_future()
    loop.call_later(1, meal.set_result, "pizza")
    print("is it done?", meal.done())
    print("main() eats:", await meal)
    print("is it done?", meal.done())


if __name__ == "__main__":
    asyncio.run(main())
