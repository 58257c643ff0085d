"""A try block around the wrong line."""

import asyncio


async def charge_card() -> None:
    await asyncio.sleep(0.1)
    raise PermissionError("card declined")


async def main() -> None:
    try:
        payment = asyncio.create_task(charge_card())
    except PermissionError as error:
        print("main() catches:", error)
    await payment
    print("main() ships the order")


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except PermissionError as error:
        print("asyncio.run() raises:", error)
