"""A background task that fails."""

import asyncio
from collections.abc import Coroutine
from typing import Any

background: set[asyncio.Task[None]] = set()


def run_in_background(work: Coroutine[Any, Any, None], name: str) -> None:
    task = asyncio.create_task(work, name=name)
    background.add(task)
    task.add_done_callback(background.discard)


async def send_mail(address: str) -> None:
    await asyncio.sleep(1)
    raise ConnectionError(f"no mail server for {address}")


async def main() -> None:
    run_in_background(send_mail("ada@example.com"), name="mail to Ada")
    print("main() continues, kept:", len(background))
    await asyncio.sleep(2)
    print("main() returns, kept:", len(background))


if __name__ == "__main__":
    asyncio.run(main())
