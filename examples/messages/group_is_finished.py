"""A task for a group that has ended."""

import asyncio


async def send_mail(recipient: str) -> None:
    await asyncio.sleep(0.2)
    print("sent to", recipient)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(send_mail("Ada"))
    mail = send_mail("Grace")
    try:
        group.create_task(mail)
    except RuntimeError as error:
        print(type(error).__name__, error, sep=": ")
        mail.close()


if __name__ == "__main__":
    asyncio.run(main())
