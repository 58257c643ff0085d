"""A task, made where an event loop runs."""

import asyncio


async def send_mail(recipient: str) -> None:
    await asyncio.sleep(0.5)
    print("sent to", recipient)


async def main() -> None:
    mail = send_mail("Ada")
    task = asyncio.create_task(mail)
    await task


if __name__ == "__main__":
    asyncio.run(main())
