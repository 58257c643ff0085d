"""A task that deals with its error itself."""

import asyncio


async def send_receipt(customer: str) -> None:
    await asyncio.sleep(0.1)
    raise ConnectionError(f"no mail server for {customer}")


async def try_to_send_receipt(customer: str) -> None:
    try:
        await send_receipt(customer)
    except ConnectionError as error:
        print("receipt not sent:", error)


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(try_to_send_receipt("Ada"))
        await asyncio.sleep(0.3)
        print("main() ships the order")


if __name__ == "__main__":
    asyncio.run(main())
