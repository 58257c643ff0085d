"""A policy that chooses the event loop."""

import asyncio


async def main() -> None:
    print("main() runs")


if __name__ == "__main__":
    asyncio.set_event_loop_policy(None)
    asyncio.run(main())
