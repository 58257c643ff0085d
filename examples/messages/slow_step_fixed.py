"""A long call in a thread, in debug mode."""

# /// script
# [tool.loopscope]
# clock = "real"
# ///

import asyncio
import time


def render(picture: str) -> None:
    time.sleep(0.3)
    print(picture, "is ready")


async def main() -> None:
    await asyncio.to_thread(render, "the poster")


if __name__ == "__main__":
    asyncio.run(main(), debug=True)
