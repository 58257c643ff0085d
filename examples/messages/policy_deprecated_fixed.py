"""A factory that makes the event loop."""

# /// script
# requires-python = ">=3.12"
# ///

import asyncio


async def main() -> None:
    print("main() runs")


if __name__ == "__main__":
    asyncio.run(main(), loop_factory=asyncio.new_event_loop)
