"""A task, made where no event loop runs."""

import asyncio


async def send_mail(recipient: str) -> None:
    await asyncio.sleep(0.5)
    print("sent to", recipient)


def main() -> None:
    mail = send_mail("Ada")
    try:
        asyncio.create_task(mail)
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")
        mail.close()


if __name__ == "__main__":
    main()
