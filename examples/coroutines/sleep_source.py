"""How asyncio.sleep() begins, and the helper that it awaits."""

import asyncio
import inspect


async def main() -> None:
    lines = inspect.getsource(asyncio.sleep).splitlines()
    print("\n".join(lines[:5]))
    print()
    print(inspect.getsource(asyncio.tasks.__sleep0))


if __name__ == "__main__":
    asyncio.run(main())
