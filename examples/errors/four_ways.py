"""One error, caught in four ways, or not at all."""

import asyncio


async def charge_card() -> None:
    await asyncio.sleep(0.1)
    raise PermissionError("card declined")


async def awaited() -> None:
    await charge_card()


async def as_a_task() -> None:
    payment = asyncio.create_task(charge_card())
    await asyncio.sleep(1)
    await payment


async def in_a_group() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(charge_card())


async def never_awaited() -> None:
    asyncio.create_task(charge_card())
    await asyncio.sleep(1)


async def main() -> None:
    for way in (awaited, as_a_task, in_a_group, never_awaited):
        try:
            await way()
            print(f"{way.__name__}: no error")
        except Exception as error:
            print(f"{way.__name__}: {error!r}")


if __name__ == "__main__":
    asyncio.run(main())
