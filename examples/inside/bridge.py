"""A function that calls back, and a coroutine that waits for it."""

import asyncio
from collections.abc import Callable


def order_pizza(when_ready: Callable[[str], None]) -> None:
    def bake() -> None:
        when_ready("pizza")
        print("the kitchen called back")

    print("the kitchen takes the order")
    asyncio.get_running_loop().call_later(1, bake)


async def main() -> None:
    meal: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    order_pizza(meal.set_result)
    print("order_pizza() returned, done:", meal.done())
    print("main() eats:", await meal)


if __name__ == "__main__":
    asyncio.run(main())
