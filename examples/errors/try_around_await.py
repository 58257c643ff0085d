"""A try block around the line where the error is raised."""

import asyncio


async def charge_card() -> None:
    await asyncio.sleep(0.1)
    raise PermissionError("card declined")


async def main() -> None:
    payment = asyncio.create_task(charge_card())
    try:
        await payment
    except PermissionError as error:
        print("main() catches:", error)
    else:
        print("main() ships the order")


if __name__ == "__main__":
    asyncio.run(main())
