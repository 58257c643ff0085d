"""A result for somebody who has given up waiting."""

import asyncio
from collections.abc import Callable


async def bake(when_ready: Callable[[str], None]) -> None:
    await asyncio.sleep(2)
    when_ready("pizza")
    print("the kitchen called back")


async def main() -> None:
    meal: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    kitchen = asyncio.create_task(bake(meal.set_result))
    try:
        async with asyncio.timeout(1):
            print("main() eats:", await meal)
    except TimeoutError:
        print("main() gave up, cancelled:", meal.cancelled())
    try:
        await kitchen
    except asyncio.InvalidStateError as error:
        print("the kitchen fails:", repr(error))


if __name__ == "__main__":
    asyncio.run(main())
