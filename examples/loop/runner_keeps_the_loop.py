"""Two runs on one loop, a second apart."""

import asyncio
import time


async def brew() -> str:
    print("the tea is brewing")
    await asyncio.sleep(1)
    return "the tea is ready"


async def start() -> asyncio.Task[str]:
    tea = asyncio.create_task(brew())
    await asyncio.sleep(0.4)
    return tea


async def fetch(tea: asyncio.Task[str]) -> str:
    return await tea


def main() -> None:
    with asyncio.Runner() as runner:
        tea = runner.run(start())
        time.sleep(1)
        print("a second later, done:", tea.done())
        print(runner.run(fetch(tea)))
    print("closed:", tea.get_loop().is_closed())


if __name__ == "__main__":
    main()
