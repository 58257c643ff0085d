"""A task for what a coroutine function returns."""

import asyncio


async def send_mail(recipient: str) -> None:
    print("sent to", recipient)


async def main() -> None:
    await asyncio.create_task(send_mail("Ada"))


if __name__ == "__main__":
    asyncio.run(main())
