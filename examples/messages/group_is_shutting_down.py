"""A task for a group that is being cancelled."""

import asyncio


async def save_draft() -> None:
    await asyncio.sleep(0.1)
    print("draft saved")


async def write(group: asyncio.TaskGroup) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        saving = save_draft()
        try:
            group.create_task(saving)
        except RuntimeError as error:
            print(type(error).__name__, error, sep=": ")
            saving.close()


async def main() -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(write(group))
            await asyncio.sleep(0.5)
            raise ConnectionError("the editor is gone")
    except* ConnectionError as errors:
        print(*errors.exceptions)


if __name__ == "__main__":
    asyncio.run(main())
