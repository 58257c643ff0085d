"""A gather() that nobody awaits."""

import asyncio


async def send_mail(recipient: str) -> None:
    print("sending to", recipient)
    await asyncio.sleep(0.2)
    print("sent to", recipient)


async def main() -> None:
    asyncio.gather(send_mail("Ada"), send_mail("Grace"))
    print("main() returns")


if __name__ == "__main__":
    asyncio.run(main())
