"""A result that's set only if it's still wanted."""

import asyncio
from collections.abc import Callable


async def bake(when_ready: Callable[[str], None]) -> None:
    await asyncio.sleep(2)
    when_ready("pizza")
    print("the kitchen called back")


async def main() -> None:
    meal: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def deliver(dish: str) -> None:
        if not meal.done():
            meal.set_result(dish)

    kitchen = asyncio.create_task(bake(deliver))
    try:
        async with asyncio.timeout(1):
            print("main() eats:", await meal)
    except TimeoutError:
        print("main() gave up, cancelled:", meal.cancelled())
    await kitchen


if __name__ == "__main__":
    asyncio.run(main())
