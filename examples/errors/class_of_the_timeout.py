"""Which class wait_for() raises."""

import asyncio


async def main() -> None:
    try:
        await asyncio.wait_for(asyncio.sleep(10), timeout=0.1)
    except TimeoutError:
        print("caught by except TimeoutError")
    except Exception as error:
        print("caught only by except Exception:", type(error))


if __name__ == "__main__":
    asyncio.run(main())
