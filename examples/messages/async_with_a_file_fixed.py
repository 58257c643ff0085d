"""A plain with for a plain context manager."""

import asyncio
import io


async def main() -> None:
    with io.StringIO("17\n18\n") as orders:
        print(orders.read().split())


if __name__ == "__main__":
    asyncio.run(main())
