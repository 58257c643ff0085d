"""A coroutine passed to wait(), and then a task."""

import asyncio


async def send_mail(recipient: str) -> None:
    await asyncio.sleep(0.2)
    print("sent to", recipient)


async def main() -> None:
    mail = send_mail("Ada")
    try:
        await asyncio.wait([mail])
    except TypeError as error:
        print("TypeError:", error)
    await asyncio.wait([asyncio.create_task(mail)])


if __name__ == "__main__":
    asyncio.run(main())
