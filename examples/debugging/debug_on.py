"""Asking the loop whether it's in debug mode."""

import asyncio


async def main() -> None:
    print(asyncio.get_running_loop().get_debug())


if __name__ == "__main__":
    asyncio.run(main())
