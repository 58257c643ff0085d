"""Both tasks are created inside the group's block."""

import asyncio


async def send_mail(recipient: str) -> None:
    await asyncio.sleep(0.2)
    print("sent to", recipient)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(send_mail("Ada"))
        mail = send_mail("Grace")
        group.create_task(mail)


if __name__ == "__main__":
    asyncio.run(main())
