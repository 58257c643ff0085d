"""A list given to gather() without a star, and with one."""

import asyncio


async def send_mail(recipient: str) -> None:
    await asyncio.sleep(0.2)
    print("sent to", recipient)


async def main() -> None:
    mails = [send_mail(recipient) for recipient in ("Ada", "Grace")]
    try:
        print(await asyncio.gather(mails))
    except TypeError as error:
        print("TypeError:", error)
    print(await asyncio.gather(*mails))


if __name__ == "__main__":
    asyncio.run(main())
