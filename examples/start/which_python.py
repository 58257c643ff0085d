"""Which Python runs this?"""

import asyncio
import sys


async def main() -> None:
    print("Python 3.11 or later:", sys.version_info >= (3, 11))


if __name__ == "__main__":
    asyncio.run(main())
