"""A script that lets asyncio.run() make the loop."""

import asyncio


async def send_report() -> None:
    await asyncio.sleep(0.5)
    print("report sent")


def main() -> None:
    asyncio.run(send_report())


if __name__ == "__main__":
    main()
