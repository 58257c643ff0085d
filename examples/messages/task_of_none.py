"""A task for what a plain function returns."""

import asyncio


def send_mail(recipient: str) -> None:
    print("sent to", recipient)


async def main() -> None:
    try:
        await asyncio.create_task(send_mail("Ada"))
    except TypeError as error:
        print(type(error).__name__, error, sep=": ")


if __name__ == "__main__":
    asyncio.run(main())
