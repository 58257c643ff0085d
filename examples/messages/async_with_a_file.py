"""An async with for a plain context manager."""

import asyncio
import io


async def main() -> None:
    try:
        async with io.StringIO("17\n18\n") as orders:
            print(orders.read().split())
    except (AttributeError, TypeError) as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
