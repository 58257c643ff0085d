"""asyncio.wait() is given coroutines."""

import asyncio


async def send_mail(recipient: str) -> None:
    await asyncio.sleep(0.2)
    print("sent to", recipient)


async def main() -> None:
    mails = [send_mail("Ada"), send_mail("Grace")]
    try:
        await asyncio.wait(mails)
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")
        for mail in mails:
            mail.close()


if __name__ == "__main__":
    asyncio.run(main())
