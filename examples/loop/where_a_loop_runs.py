"""Who can ask for the running loop?"""

import asyncio


def remind(text: str) -> None:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError as error:
        print(f"{text}: RuntimeError: {error}")
    else:
        print(f"{text}: running {loop.is_running()}")


async def main() -> None:
    remind("from a coroutine")
    asyncio.get_running_loop().call_later(0.5, remind, "from a timer")
    await asyncio.sleep(1)


if __name__ == "__main__":
    remind("before asyncio.run()")
    asyncio.run(main())
    remind("after asyncio.run()")
