"""Five handlers, each checked in two ways."""

import asyncio
import inspect
from collections.abc import Callable
from functools import partial


def log(order: int) -> str:
    return f"order {order} logged"


async def save(order: int) -> str:
    await asyncio.sleep(0.1)
    return f"order {order} saved"


class Mailer:
    async def __call__(self, order: int) -> str:
        await asyncio.sleep(0.1)
        return f"order {order} mailed"


async def call(name: str, handler: Callable[[int], object]) -> None:
    result = handler(17)
    print(
        name, inspect.iscoroutinefunction(handler), inspect.isawaitable(result)
    )
    if inspect.isawaitable(result):
        result = await result
    print(" ", result)


async def main() -> None:
    await call("log", log)
    await call("save", save)
    await call("partial", partial(save))
    await call("lambda", lambda order: save(order))
    await call("Mailer()", Mailer())


if __name__ == "__main__":
    asyncio.run(main())
