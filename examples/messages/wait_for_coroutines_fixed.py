"""asyncio.wait() is given tasks."""

import asyncio


async def send_mail(recipient: str) -> None:
    await asyncio.sleep(0.2)
    print("sent to", recipient)


async def main() -> None:
    mails = [send_mail("Ada"), send_mail("Grace")]
    await asyncio.wait([asyncio.create_task(mail) for mail in mails])


if __name__ == "__main__":
    asyncio.run(main())
